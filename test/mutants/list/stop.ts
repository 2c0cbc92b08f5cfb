/** How a run, or a miner, stops: what it waits for, what it ends and what it leaves alone (src/runtime). */

import type { Mutant } from '../mutant.ts';

const held = { tests: ['test/runtime/held.test.ts'] } as const;
const HELD = 'src/runtime/held.ts';
const RUNTIME = 'src/runtime/runtime.ts';

export const stops: Readonly<Record<string, Mutant>> = {
  'first of several': {
    what: 'a stop waits for the first of several bound blocks only',
    change: [HELD, '.filter(isHolding);', '.filter(isHolding).slice(0, 1);'],
    ...held,
  },
  'last call of the first': {
    what: 'a stop waits until the first of several bound blocks is late',
    change: [HELD, 'Math.max(...held.map(lateFrom))', 'Math.min(...held.map(lateFrom))'],
    ...held,
  },
  'for ever': {
    what: 'a stop waits for a bound block that is late',
    change: [
      HELD,
      'await Promise.race([waiters.until(() => lastCallOf(world()) === null), late]);',
      'await waiters.until(() => lastCallOf(world()) === null && late !== null);',
    ],
    ...held,
  },
  'taken over': {
    what: 'a stop does not wait for a block that was taken over from its epoch',
    change: [
      'src/runtime/folded-state.ts',
      "(bound !== null && !submitted) || start.machine === 'deliver'",
      "bound !== null && !submitted && start.machine !== ''",
    ],
    ...held,
  },
  'bound epochs': {
    what: 'a word about a miner ends its bound epochs too',
    change: ['src/runtime/rescue.ts', 'isEpochStream(stream) && live.bound === null', 'isEpochStream(stream) && live !== null'],
    ...held,
  },
  'results of what is bound': {
    what: 'a stop takes no results any more, not those of what is bound either',
    change: [RUNTIME, 'return live !== undefined && isHolding(live);', 'return live !== undefined && isHolding(live) && session === null;'],
    tests: ['test/runtime/runtime.test.ts'],
    named: 'stop',
  },
  'wait for the disk': {
    what: 'a stop waits for a disk as long as ever',
    change: [RUNTIME, '  core.patience.hurry();\n', ''],
    tests: ['test/runtime/runtime.test.ts'],
    named: 'stop',
  },
};
