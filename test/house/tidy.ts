/**
 * The house rules that a linter cannot say: each takes a file's text and answers with what is wrong in it. tidy.test.ts
 * runs them over the repository.
 */

import ts from 'typescript';

export interface Rule {
  readonly name: string;
  readonly applies: RegExp;
  readonly except?: RegExp;
  /** What is wrong; nothing where all is well. */
  complaints(text: string, path: string): readonly string[];
  /** A file that the rule must refuse: a rule that cannot fail is none. */
  readonly sample: readonly [path: string, text: string];
}

const TEXT = /\.(ts|mjs|rs|json|md|toml|yml)$|^\.ci\/|^LICENSE/;
const SOURCE = /^(src|machines|native)\/.*\.ts$/;
const PURE = /^(src\/(errors|chain|consensus|mining|ports|projections)|machines)\/.*\.ts$/;

/** One complaint for each match, with its line. */
function matches(text: string, pattern: RegExp, why: string): string[] {
  return [...text.matchAll(pattern)].map((match) => `line ${text.slice(0, match.index).split('\n').length}: «${match[0].trim()}»: ${why}`);
}

function search(pattern: RegExp, why: string): Rule['complaints'] {
  return (text) => matches(text, pattern, why);
}

/** Words with what to say instead; a class of one letter keeps this table from being its own first catch. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/g, 'an issue, or nothing'],
  [/\bs[a]nity[ -]check/gi, 'say what is checked'],
  [/\b(?:utili[sz]|lev[e]rag)(?:e[sd]?|ing)\b/gi, 'use'],
];

const NAMES = /\b(?:class|interface|type|function|const)\s+(\w*(?:Manager|Service|Helper|Helpers|Util|Utils|Impl)|I[A-Z][a-z]\w*)\b(?=[^;\n]*[{=<(:])/g;

const json = (text: string): unknown => JSON.parse(text);

function loosePins(text: string): string[] {
  const { dependencies, devDependencies } = json(text) as Readonly<Record<string, Record<string, string>>>;
  const all = Object.entries({ ...dependencies, ...devDependencies });
  return all.filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version)).map(([name, version]) => `${name}: ${version} is not one exact version`);
}

/** The tables of a TOML file whose head matches. */
const sections = (text: string, head: RegExp) => text.split(/^(?=\[)/m).filter((section) => head.test(section.split('\n')[0] ?? ''));

/** Ports are types: nothing of them may be left when types are taken away. */
function leftovers(text: string): string[] {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true } });
  const code = outputText.replace(/export \{\};/, '').trim();
  return code === '' ? [] : [`has code: ${code.split('\n')[0]}`];
}

export const rules: readonly Rule[] = [
  {
    name: 'a source file opens by saying what it is',
    applies: SOURCE,
    complaints: (text) => (/^(#!.*\n)?\/\*\* \S/.test(text) || /^(#!.*\n)?\/\*\*\n \* \S/.test(text) ? [] : ['the first line is not a /** comment']),
    sample: ['src/chain/a.ts', "import { a } from './b.ts';\n"],
  },
  {
    name: 'a file is named after its noun',
    applies: /\.(ts|mjs|rs)$/,
    except: /\/lib\.rs$/,
    complaints: (_, path) => matches(path, /(^|\/)(utils?|types|index|helpers?|common|misc|lib)(\.[a-z.]+$|\/)/g, 'name the noun'),
    sample: ['src/chain/utils/a.ts', ''],
  },
  {
    name: 'a name is not a role',
    applies: /\.ts$/,
    complaints: search(NAMES, 'name what it is, not what it does for others'),
    sample: ['src/chain/a.ts', `export class Ticket${'Manager'} {}\n`],
  },
  {
    name: 'a port fails with PortError: nothing is glued to an error',
    applies: SOURCE,
    complaints: search(/Object\.assign\(\s*new \w*Error\b/g, 'src/errors/port-error.ts has the fields'),
    sample: ['src/devnet/a.ts', "throw Object.assign(new MineOneError('NODE_AWAY', 'no answer'), { retryable: true });\n"],
  },
  {
    name: 'a line of a comment has at most 120 columns',
    applies: /\.(ts|mjs)$/,
    complaints: (text) => {
      const isLong = (line: string) => line.length > 120 && /^\s*(\/\*\*|\*|\/\/) /.test(line) && !/https?:|biome-ignore/.test(line);
      return text.split('\n').flatMap((line, i) => (isLong(line) ? [`line ${i + 1} has ${line.length}`] : []));
    },
    sample: ['src/chain/a.ts', `/** ${'a word '.repeat(20)}*/\n`],
  },
  {
    name: 'words that say nothing, or the wrong thing',
    applies: TEXT,
    except: /^LICENSE|package-lock\.json$/,
    complaints: (text) => WORDS.flatMap(([pattern, instead]) => matches(text, pattern, instead)),
    sample: ['docs/a.md', `T${'ODO'}: write this\n`],
  },
  {
    name: 'nothing of the machine it was written on',
    applies: TEXT,
    complaints: search(
      /(?<![\w.-])\/(?:home|root|work|Users)\/\w*|\b(?:https?:)?\/\/(?:[\w.-]*(?:registry|verdaccio|artifactory|nexus)[\w.-]*|localhost:4873)/g,
      'a path or host of one machine',
    ),
    sample: ['README.md', `see /${'root'}/notes\n`],
  },
  {
    name: 'the lock holds no registry address',
    applies: /(^|\/)package-lock\.json$/,
    complaints: search(/"resolved": "[^"]*"/g, 'npm install with omit-lockfile-registry-resolved'),
    sample: ['package-lock.json', '{ "resolved": "a.tgz" }'],
  },
  {
    name: 'every npm dependency is one exact version',
    applies: /(^|\/)package\.json$/,
    complaints: loosePins,
    sample: ['package.json', '{ "dependencies": { "a": "^1.0.0" } }'],
  },
  {
    name: 'every crate is one exact version',
    applies: /(^|\/)Cargo\.toml$/,
    complaints: (text) => sections(text, /dependencies/).flatMap((section) => matches(section, /^[\w-]+ = (\{.*version = )?"(?!=).*$/gm, 'pin it with =')),
    sample: ['native/a/Cargo.toml', '[package]\nversion = "1"\n[dependencies]\nblst = "0.3"\n'],
  },
  {
    name: 'a test is skipped for a reason that is checked when it runs',
    applies: /^test\/.*\.ts$/,
    complaints: search(/\b(?:it|test|describe)(?:\.\w+)*\.(?:skip|todo|fails)\b(?!If)|\b(?:xit|xdescribe)\(/g, 'skipIf, with the reason in the name'),
    sample: ['test/a.test.ts', `it.${'skip'}('a', () => undefined);\n`],
  },
  {
    name: 'a rule gives the same answer on every engine',
    applies: PURE,
    complaints: search(
      /\bMath\.(?!(?:abs|ceil|clz32|floor|imul|max|min|sign|trunc)\b)\w+|\bMath\[|\.(?:localeCompare|toLocale\w*)\b/g,
      'tables or exact arithmetic',
    ),
    sample: ['src/consensus/a.ts', 'export const a = Math.exp(1);\n'],
  },
  {
    name: 'an import stands at the top, where the linter sees it',
    applies: SOURCE,
    complaints: search(
      /(?<!await )(?<!return )(?<!= )(?<!=> )\bimport\(\s*['"]|\btypeof import\(|:\s*import\(|\btype \w+ = import\(/g,
      'import type at the top of the file',
    ),
    sample: ['src/chain/a.ts', "/** A. */\nexport let a: import('../consensus/b.ts').B;\n"],
  },
  {
    name: 'a port is types only',
    applies: /^src\/ports\/.*\.ts$/,
    complaints: leftovers,
    sample: ['src/ports/a.ts', '/** A. */\nexport const a = 1;\n'],
  },
  {
    name: 'a file has at most 300 lines',
    applies: /\.(rs|mjs)$|^\.ci\//,
    complaints: (text) => (text.split('\n').length > 301 ? [`${text.split('\n').length - 1} lines`] : []),
    sample: ['native/a/src/a.rs', '\n'.repeat(301)],
  },
];

/** All that one rule finds wrong in one file, each with the path in front. */
export function complaintsOf(rule: Rule, path: string, text: string): string[] {
  if (!rule.applies.test(path) || rule.except?.test(path) === true) return [];
  return rule.complaints(text, path).map((complaint) => `${path}: ${complaint}`);
}
