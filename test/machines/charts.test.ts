/** The charts in the docs are those of the machines. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machines } from './all.ts';
import { chartsPath, chartsText } from './charts.ts';
import { mermaid, statesOf } from './mermaid.ts';

it('docs/machines.md is what `npm run docs:charts` writes', () => {
  expect(readFileSync(chartsPath, 'utf8'), 'docs/machines.md is out of step with machines/: run `npm run docs:charts` and commit what it writes').toBe(
    chartsText(),
  );
});

it('has every machine', () => {
  const files = readdirSync(new URL('../../machines/', import.meta.url)).filter((file) =>
    readFileSync(new URL(`../../machines/${file}`, import.meta.url), 'utf8').includes('createMachine({'),
  );
  expect(machines.map(({ machine }) => `${machine.id}.ts`).sort()).toEqual(files.sort());
});

it.for(machines.map(({ machine }) => [machine.id, machine] as const))('%s: every state and every arrow is drawn', ([, machine]) => {
  const drawn = mermaid(machine);
  for (const node of statesOf(machine)) {
    if (node === machine.root) continue;
    expect(drawn).toContain(`state "${node.key}`);
  }
  const arrows = statesOf(machine).flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);
  expect(arrows.length).toBeGreaterThan(1);
  expect(drawn.match(/ --> (?!\[\*\]).*: /g)).toHaveLength(arrows.length);
});
