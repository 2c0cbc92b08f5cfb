/** The walk through a chart (src/statechart), held against XState's. */

import type { Mutant } from '../mutant.ts';

const oracle = { tests: ['test/statechart/machine-oracle.slow.test.ts'], named: 'random charts' } as const;

export const charts: Readonly<Record<string, Mutant>> = {
  'root entered anew': {
    what: 'an arrow that enters the root anew leaves nothing',
    change: ['src/statechart/chart-move.ts', '(node) => domain === undefined || leaves(', '(node) => domain !== undefined && leaves('],
    ...oracle,
  },
  'ancestors until itself': {
    what: 'a node has ancestors until itself',
    change: ['src/statechart/chart-node.ts', '  if (node === until) return ancestors;\n', ''],
    ...oracle,
  },
  'guard passes': {
    what: 'a guard passes with true alone',
    change: ['src/statechart/machine.ts', 'Boolean(rules.guard(guard, walk))', 'rules.guard(guard, walk) === true'],
    ...oracle,
  },
  'failure unheard': {
    what: 'a failure that nothing takes is passed over',
    change: ['src/statechart/machine.ts', "else if (event.kind === 'failed') throw unheard(machine.id, event.id, event.failure);", ''],
    ...oracle,
  },
};
