/** Proves that biome.json refuses what it should, and only that: the layer table of the architecture, written here a second time, and one bad snippet a rule. */

import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from './lint.ts';

const names = ['chain', 'consensus', 'ports', 'journal', 'runtime', 'streams', 'adapters', 'devnet', 'audit', 'projections', 'inspector', 'cli'];
const rooms = [...names.map((name) => `src/${name}`), 'machines', 'native'];
const hashes = ['@noble/hashes/blake2.js', 'multiformats/cid'];
const packages = [...hashes, '@noble/curves/bls12-381.js', 'fzstd', 'piscina', 'commander', 'zod', 'node:fs', 'xstate', 'rxjs', 'ws', 'level'];
const world = ['src/ports', 'src/chain', 'src/consensus', 'native', 'node:fs', 'ws', 'level', ...hashes];
const everything = [...rooms, ...packages];
/** Of the files beside the rooms that make up the embedding API. */
const embedding = ['src/chain', 'src/consensus', 'src/ports', 'src/journal', 'src/runtime', 'src/projections', 'src/streams', 'machines', 'native', 'rxjs'];

/** docs/architecture.md 2: a file of each room, and what it may import besides its own room. */
const table: Readonly<Record<string, readonly string[]>> = {
  'src/chain/a.ts': hashes,
  'src/chain/state/a.ts': hashes,
  'src/consensus/a.ts': ['src/chain', ...hashes],
  'src/consensus/validation/a.ts': ['src/chain', ...hashes],
  'src/consensus/signatures/noble.ts': ['src/chain', '@noble/curves/bls12-381.js', ...hashes],
  'src/ports/a.ts': ['src/chain', 'src/consensus'],
  'machines/a.ts': ['src/chain', 'src/consensus', 'src/ports', 'xstate'],
  'src/journal/a.ts': ['src/chain', 'src/consensus', 'src/ports', 'node:fs', 'level', ...hashes],
  'src/journal/guard/a.ts': ['src/chain', 'src/consensus', 'src/ports', 'node:fs', 'level', ...hashes],
  'src/runtime/a.ts': ['src/journal', 'src/ports', 'src/chain', 'src/consensus', 'node:fs', 'rxjs'],
  'src/runtime/deep/a.ts': ['src/journal', 'src/ports', 'src/chain', 'src/consensus', 'node:fs', 'rxjs'],
  'src/statechart/machine.ts': ['src/journal', 'src/ports', 'src/chain', 'node:fs', 'xstate'],
  'src/statechart/xstate-machine.ts': ['src/journal', 'src/ports', 'src/chain', 'node:fs', 'xstate'],
  'src/statechart/chart-check.ts': ['src/journal', 'src/ports', 'src/chain', 'node:fs', 'xstate'],
  'src/streams/a.ts': ['src/chain', 'src/ports', 'rxjs'],
  'src/adapters/a.ts': world,
  'src/adapters/lotus/a.ts': world,
  'src/devnet/a.ts': world,
  'src/devnet/faults/a.ts': world,
  'src/audit/a.ts': ['src/chain', 'src/consensus', 'native', 'node:fs', 'fzstd', 'piscina'],
  'src/audit/deep/a.ts': ['src/chain', 'src/consensus', 'native', 'node:fs', 'fzstd', 'piscina'],
  'src/projections/a.ts': ['src/chain', 'src/consensus'],
  'src/inspector/a.ts': ['src/projections', 'src/journal', 'node:fs', 'ws'],
  'src/inspector/web/a.ts': ['zod'],
  'native/a.ts': ['src/chain', 'src/consensus', 'node:fs'],
  'native/deep/a.ts': ['src/chain', 'src/consensus', 'node:fs'],
  'src/a-room-nobody-announced/a.ts': packages,
  'src/miner.ts': embedding,
  'src/verified-node.ts': embedding,
  'src/news.ts': embedding,
  'src/observed-blocks.ts': embedding,
  'src/embedding.ts': [],
  'src/config.ts': ['src/chain', 'zod'],
  'src/cli/a.ts': everything,
  'src/main.ts': everything,
};

/** The path as one would write it: `./state/thing.ts`, `../chain/thing.ts`; a package stays what it is. */
function sourceOf(target: string, from: string): string {
  if (!rooms.includes(target)) return target;
  const path = posix.relative(posix.dirname(from), `${target}/thing.ts`);
  return path.startsWith('.') ? path : `./${path}`;
}

/** The web page of the inspector is a house of its own: of its room it knows only the wire protocol. */
const roomOf = (path: string) => rooms.find((room) => path.startsWith(`${room}/`) && !path.startsWith('src/inspector/web/'));

/** Each target takes three lines, one for each way of importing it. */
const importingAll = (path: string) =>
  everything
    .map((target) => sourceOf(target, path))
    .flatMap((source, i) => [
      `import type { A${i} } from '${source}';`,
      `import { b${i} } from '${source}';`,
      `export const c${i}: A${i} = b${i} + import('${source}');`,
    ])
    .join('\n');

describe('the layer table', () => {
  const refused = lint(new Map(Object.keys(table).map((path) => [path, importingAll(path)])));

  it.for(Object.entries(table))('%s imports what it may, and nothing else', ([path, allowed]) => {
    const lines = (refused.get(path) ?? []).filter(({ rule }) => rule === 'lint/style/noRestrictedImports').map(({ line }) => line);
    const wrong = everything.filter((target) => !allowed.includes(target) && target !== roomOf(path));
    const found = everything.filter((_, i) => lines.includes(3 * i + 1));
    expect(found).toEqual(wrong);
    expect(lines).toHaveLength(3 * wrong.length);
  });
});

const linesOf = (count: number) => Array.from({ length: count }, (_, i) => `export const a${i} = ${i};\n`).join('');

/** A snippet, where it lies, and the rule that must refuse it: once, and nothing else with it. */
const bad: Readonly<Record<string, readonly [path: string, rule: string, text: string]>> = {
  'a circle of types': [
    'src/chain/ring-a.ts',
    'suspicious/noImportCycles',
    "import type { B } from './ring-b.ts';\nexport interface A {\n  readonly b: B;\n}\n",
  ],
  'its other half': ['src/chain/ring-b.ts', 'suspicious/noImportCycles', "import type { A } from './ring-a.ts';\nexport interface B {\n  readonly a: A;\n}\n"],
  'a way around by ./..': ['src/chain/dots.ts', 'style/noRestrictedImports', "import './../consensus/a.ts';\n"],
  'a sub-folder that leaves its room': ['src/chain/state/dots.ts', 'style/noRestrictedImports', "import '../../main.ts';\n"],
  'a sub-folder that leaves by a neighbour': ['src/chain/state/neighbour.ts', 'style/noRestrictedImports', "import '../amt/../../consensus/a.ts';\n"],
  'the rule about folders, where nothing is kept': ['src/runtime/kept.ts', 'style/noRestrictedImports', "import '../folder.ts';\n"],
  'a barrel': ['src/chain/barrel.ts', 'performance/noBarrelFile', "export { a } from './leaf.ts';\n"],
  'a barrel of all': ['src/chain/barrel-all.ts', 'performance/noBarrelFile', "export * from './leaf.ts';\n"],
  'a default export': ['src/chain/default.ts', 'style/noDefaultExport', 'export default 1;\n'],
  'a default export in a test': ['test/default.test.ts', 'style/noDefaultExport', 'export default 1;\n'],
  any: ['src/cli/any.ts', 'suspicious/noExplicitAny', 'export const a: any = 1;\n'],
  'an enum': ['src/cli/enum.ts', 'style/noEnum', 'export enum A {\n  B,\n}\n'],
  'a namespace': ['src/cli/namespace.ts', 'style/noNamespace', 'export namespace A {\n  export const b = 1;\n}\n'],
  'an unused import': ['src/cli/unused-import.ts', 'correctness/noUnusedImports', "import { a } from './leaf.ts';\n"],
  'an unused variable': ['src/cli/unused.ts', 'correctness/noUnusedVariables', 'const a = 1;\n'],
  'a type imported as a value': ['src/cli/type.ts', 'style/useImportType', "import { A } from './leaf.ts';\nexport const b = (a: A) => a;\n"],
  'a bare node module': ['src/cli/bare.ts', 'style/useNodejsImportProtocol', "import 'fs';\n"],
  'an undeclared package': ['src/cli/undeclared.ts', 'correctness/noUndeclaredDependencies', "import 'left-pad';\n"],
  'a missing extension': ['src/cli/extension.ts', 'correctness/useImportExtensions', "import './leaf';\n"],
  'a non-null assertion': ['src/cli/bang.ts', 'style/noNonNullAssertion', 'export const a = (b: string | null) => b!.length;\n'],
  'a focused test': ['test/only.test.ts', 'suspicious/noFocusedTests', "import { it } from 'vitest';\nit.only('a', () => undefined);\n"],
  'a function of 71 lines': [
    'src/cli/long.ts',
    'complexity/noExcessiveLinesPerFunction',
    `export function a(b: number): number {\n${'  console.log(b);\n'.repeat(71)}  return b;\n}\n`,
  ],
  'a file of 301 lines': ['test/long.test.ts', 'style/noExcessiveLinesPerFile', linesOf(301)],
};

/** Names that a rule must not know, in each room that holds rules. */
const globals = ['Buffer', 'process', 'console', 'fetch', 'require', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
globals.push('Date', 'performance', 'crypto', 'Intl', 'globalThis', 'global');

const good: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'a default export in a config file': ['vitest.config.ts', 'export default 1;\n'],
  'a global where the world is met': ['src/cli/global.ts', 'export const a = Date.now();\n'],
  'a function of 70 lines': ['src/cli/seventy.ts', `export function a(b: number): void {\n${'  console.log(b);\n'.repeat(68)}}\n`],
  'a file of 300 lines': ['src/cli/three-hundred.ts', linesOf(300)],
  'siblings and children of a room': ['src/chain/down.ts', "import { a } from './leaf.ts';\nimport { b } from './state/leaf.ts';\nexport const c = [a, b];\n"],
  'the one file of the journal that projections read': ['src/projections/fold.ts', "import { a } from '../journal/record.ts';\nexport const b = a;\n"],
  'where what is known of a network ends, in streams': [
    'src/streams/notices.ts',
    "import { a } from '../consensus/network/horizon.ts';\nexport const b = a;\n",
  ],
  'the one rule that streams know': ['src/streams/clock.ts', "import { a } from '../consensus/network.ts';\nexport const b = a;\n"],
  'the defaults that the embedding API brings': [
    'src/miner.ts',
    "import { a } from './adapters/local-fence.ts';\nimport { b } from './adapters/system-clock.ts';\nexport const c = [a, b];\n",
  ],
  'the rule about folders, where files are kept': ['src/devnet/kept.ts', "import { a } from '../folder.ts';\nexport const b = a;\n"],
  'the wire protocol in the web page': ['src/inspector/web/page.ts', "import { a } from '../wire.ts';\nexport const b = a;\n"],
  'a child that looks up within its room': ['src/chain/state/up.ts', "import { a } from '../leaf.ts';\nexport const b = a;\n"],
};

describe('the rules', () => {
  const pure = [
    'src/chain/globals.ts',
    'src/chain/state/globals.ts',
    'src/consensus/globals.ts',
    'src/ports/globals.ts',
    'src/projections/globals.ts',
    'machines/globals.ts',
  ];
  const usingAll = globals.map((name, i) => `export const a${i} = ${name};`).join('\n');
  const leaf = 'export const a = 1;\nexport interface A {\n  readonly a: number;\n}\n';
  const leaves: [string, string][] = ['src/chain/leaf.ts', 'src/chain/state/leaf.ts', 'src/cli/leaf.ts'].map((path) => [path, leaf]);
  const refused = lint(
    new Map([
      ...leaves,
      ...Object.values(bad).map(([path, , text]) => [path, text] as const),
      ...Object.values(good),
      ...pure.map((path) => [path, usingAll] as const),
    ]),
  );

  it.for(Object.entries(bad))('refuse %s', ([, [path, rule]]) => {
    expect(refused.get(path)?.map((refusal) => refusal.rule)).toEqual([`lint/${rule}`]);
  });

  it.for(Object.entries(good))('accept %s', ([, [path]]) => {
    expect(refused.get(path)).toEqual([]);
  });

  it.for(pure)('refuse clocks, randomness and I/O in %s', (path) => {
    const lines = (refused.get(path) ?? []).filter(({ rule }) => rule === 'lint/style/noRestrictedGlobals').map(({ line }) => line);
    expect(globals.filter((_, i) => lines.includes(i + 1))).toEqual(globals);
  });
});
