/** What a start and a journal opened again make of the records, and what replay finds in them (src/runtime). */

import type { Mutant } from '../mutant.ts';

const forged = { tests: ['test/runtime/forged.test.ts'] } as const;
const recovery = { tests: ['test/runtime/recovery.test.ts'] } as const;
const REPLAY = 'src/replay/replay.ts';
const RUNTIME = 'src/runtime/runtime.ts';

export const recovered: Readonly<Record<string, Mutant>> = {
  outcome: {
    what: 'outcomes are not compared',
    change: [REPLAY, 'const outcome = valueDifference(record.outcome, turn.outcome ?? null, shared);', 'const outcome = valueDifference(null, null, shared);'],
    ...forged,
  },
  'outcome at a start': {
    what: 'a start goes on with a stream that its machines do not lead to',
    change: ['src/runtime/folded-state.ts', 'difference === null ? [next, undefined]', 'difference !== undefined ? [next, undefined]'],
    ...forged,
    named: 'a start on a forged journal',
  },
  'outcome from outside': {
    what: 'an outcome that the runtime gave is taken as it stands',
    change: [
      REPLAY,
      'const outcome = endedFromOutside(stream, input);',
      'const outcome = endedFromOutside(stream, input) === undefined ? undefined : record.outcome;',
    ],
    ...forged,
  },
  binds: {
    what: 'binds that nobody asked for are taken as they stand',
    change: [REPLAY, 'const binds = valueDifference(bindsOf(record), bindsOf(turn), shared);', 'const binds = valueDifference(null, null, shared);'],
    ...forged,
  },
  'begun twice': {
    what: 'a stream that goes on may begin',
    change: [REPLAY, "if (input.type === 'start' && before.size > 0)", "if (input.type === 'start' && before.size > 1000)"],
    ...forged,
  },
  'ended twice': {
    what: 'a stream that does not go on may be ended',
    change: [REPLAY, "if (input.type === 'abandoned' && before.size === 0)", "if (input.type === 'abandoned' && before.size > 1000)"],
    ...forged,
  },
  order: {
    what: 'open effects are begun as they come',
    change: [RUNTIME, 'for (const effect of recoveryOrder(open)) begin', 'for (const effect of recoveryOrder([]).concat(open)) begin'],
    ...recovery,
    named: 'a start',
  },
  'order by due': {
    what: 'alarms are set in the order they were asked for',
    change: ['src/runtime/recovery.ts', 'due(a) - due(b) || bySeq(a, b)', 'bySeq(a, b)'],
    ...recovery,
    named: 'a start',
  },
  'just ended': {
    what: 'effects of streams that the start itself has ended are begun',
    change: ['src/runtime/in-flight.ts', '          signal.throwIfAborted();\n', ''],
    ...recovery,
    named: 'a start',
  },
  'final errors': {
    what: 'a journal that cannot be opened is opened again and again',
    change: [RUNTIME, 'if (isFinal(error)) throw error;', ''],
    ...recovery,
    named: 'opened again',
  },
  'published twice': {
    what: 'what was told before the batch failed is told again',
    change: [
      RUNTIME,
      '  core.published = publishedOf(session.journal);\n  for (const act of session.taken()) act();',
      '  for (const act of session.taken()) act();',
    ],
    ...recovery,
    named: 'opened again',
  },
  'published twice after two': {
    what: 'what was told as the journal was opened again is told once more when it fails again',
    change: [RUNTIME, '  core.published = publishedOf(journal);\n', ''],
    ...recovery,
    named: 'opened again',
  },
  'told at a stop': {
    what: 'a stop closes the journal before those who follow it have read the last records',
    change: ['src/miner.ts', '          if (left !== null) await followers.told(left.synced() + 1);\n', ''],
    tests: ['test/miner.test.ts'],
    named: 'transitions',
  },
};
