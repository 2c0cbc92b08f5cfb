/** docs/machines.md, whole, from the machines. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machines } from './all.ts';
import { mermaid } from './mermaid.ts';

export const chartsPath = fileURLToPath(new URL('../../docs/machines.md', import.meta.url));

const HEAD = `# The machines

Drawn from the definitions in \`machines/\` by \`npm run docs:charts\`; a test fails when they are out of step. In a state: what it asks for while it lasts, by
the invoke's id, with the name of the effect or of the child machine where that is another. On an arrow: which of them ended, or \`failed\`, and under which
guard. All time is an effect, \`alarm\`; each of them works under plain \`createActor(machine.provide({ actors }))\` as well.

The runtime walks these charts itself (\`src/statechart/chart-move.ts\`): a move is worked out once and remembered, which more than doubled the speed of a
replay (XState makes an actor for every invoke), and leaves nothing of XState's in a record. In the tests XState is the oracle of every step.
`;

export function chartsText(): string {
  const chapters = machines.map(({ machine }) => `## ${machine.id}\n\n${saidOf(machine.id)}\n\n${mermaid(machine)}\n`);
  return [HEAD, ...chapters].join('\n');
}

/** The comment that opens the machine's file, which says what it is: in one line, or in several. */
function saidOf(id: string): string {
  const text = readFileSync(new URL(`../../machines/${id}.ts`, import.meta.url), 'utf8');
  const comment = text.slice(text.indexOf('/**') + 3, text.indexOf('*/'));
  return comment.replaceAll(/^ \*? ?/gm, '').trim();
}
