/**
 * The commit point: what is bound, what its rows forbid, and when they are void (src/runtime,
 * src/journal/slash/slash-rows.ts).
 */

import type { Mutant } from '../mutant.ts';

const held = { tests: ['test/runtime/held.test.ts'] } as const;
const rows = { tests: ['test/journal/slash-rows.test.ts'] } as const;
const RESCUE = 'src/runtime/rescue.ts';
const ROWS = 'src/journal/slash/slash-rows.ts';

export const binds: Readonly<Record<string, Mutant>> = {
  refused: {
    what: 'a block that the slash filter refused counts as bound',
    change: ['src/runtime/folded-state.ts', "=> (verdict as { readonly verdict: string }).verdict === 'bound');", '=> verdict !== null);'],
    ...held,
  },
  left: {
    what: 'a bind is decided though the step left it',
    change: ['src/statechart/turn.ts', 'queue.push(() => isOpen(turn, path, id, key) && bindNow(', 'queue.push(() => key !== null && bindNow('],
    tests: ['test/statechart/turn.test.ts'],
  },
  'void although sent': {
    what: 'a row becomes void although a submission was asked for',
    change: [RESCUE, 'was.bound !== null && was.submits.size === 0', 'was.bound !== null'],
    ...held,
  },
  'void although unknown': {
    what: 'a row becomes void where the fence never said',
    change: [RESCUE, "return why === 'fence-conflict' && ", 'return why !== undefined && '],
    ...held,
  },
  'later epochs': {
    what: 'the last of the later epochs is not looked at',
    change: [ROWS, 'later <= epoch + LATER_EPOCHS', 'later < epoch + LATER_EPOCHS'],
    ...rows,
  },
  'all later epochs': {
    what: 'later blocks are looked for one epoch too far',
    change: [ROWS, 'later <= epoch + LATER_EPOCHS', 'later <= epoch + LATER_EPOCHS + 1'],
    ...rows,
  },
  'row again': {
    what: 'the same block, bound again, writes its row again',
    change: [ROWS, 'if (known === undefined) keep(', 'if (known !== null) keep('],
    ...rows,
  },
  underway: {
    what: 'a row does not count while its batch is on its way to the disk',
    change: [ROWS, 'unsaved.get(name)?.value ?? underway.get(name) ?? load(key)', 'unsaved.get(name)?.value ?? load(key)'],
    ...rows,
  },
  'void row': {
    what: 'a row that is void forbids another block',
    change: [ROWS, 'return row?.isVoid === true ? undefined : row;', 'return row;'],
    ...rows,
  },
  undo: {
    what: 'what a turn bound that threw stays bound',
    change: [ROWS, 'if (row.under === undefined) unsaved.delete(key);', 'if (row.under === undefined) continue;'],
    ...rows,
  },
};
