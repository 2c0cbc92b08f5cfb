/** What the source says to people: its texts, and what is wrong with the commands that they name. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../run.ts';
import type { everyCommand } from './all.ts';
import { commandFaults, looseOptionFaults } from './known.ts';

type Commands = Awaited<ReturnType<typeof everyCommand>>;

/** After the name of the program in prose: it is spoken of, and not to be typed. */
const PROSE = /\bmineone (?:was|needs|running|is|an?|COMMAND|running,)\b/g;
/** Options of other programs. */
const NOT_OURS = new Set(['src/audit/crew.ts', 'src/cli/completion-bash.ts']);

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Every string and template of the source, what is filled in as `X`. */
export function sourceTexts(): readonly SourceText[] {
  const paths = ['src', 'machines', 'native'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const ours = paths.filter((path) => path.endsWith('.ts') && !path.includes('node_modules') && !NOT_OURS.has(path));
  return ours.flatMap((path) => textsOf(readFileSync(join(root, path), 'utf8')).map((text) => ({ path, text })));
}

function textsOf(source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node)) texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => `X${literal.text}`)].join(''));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.ES2023));
  return texts;
}

/** Commands and options in it that there are not. */
export function adviceIn(text: string, commands: Commands): readonly string[] {
  const typed = text.replaceAll(PROSE, '');
  const faults = commandFaults(typed, commands);
  return faults.length > 0 ? faults : looseOptionFaults(typed, commands);
}
