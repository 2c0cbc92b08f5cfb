/** The rows of bound blocks: what a clock that was set back must not let through. */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { decodeSlashRow, slashRows } from '../../src/journal/slash/slash-rows.ts';

const cid = (n: number) => cidOf(Uint8Array.of(n));
const asked = (n: number, epoch: number, base: number) => ({ minerId: 1000n, cid: cid(n), epoch, parents: [cid(100 + base)], baseHeight: base });

it('binds no block of an epoch once a later one is bound, for that one leaves it out', () => {
  const rows = slashRows(() => undefined);
  expect(rows.bind(asked(1, 20, 19), 0)).toEqual({ verdict: 'bound' });
  expect(rows.bind(asked(2, 19, 18), 1)).toMatchObject({ verdict: 'refused', fault: 'parent-grinding' });
  expect(rows.bind(asked(3, 12, 11), 2)).toMatchObject({ verdict: 'refused', fault: 'parent-grinding' });
  expect(rows.bind(asked(1, 20, 19), 3)).toEqual({ verdict: 'bound' });
  expect(rows.bind(asked(4, 21, 20), 4)).toMatchObject({ verdict: 'refused', fault: 'parent-grinding' });
  expect(rows.bind({ ...asked(5, 22, 21), minerId: 1001n }, 5)).toEqual({ verdict: 'bound' });
  expect(rows.bind({ ...asked(6, 15, 14), minerId: 1002n }, 6)).toEqual({ verdict: 'bound' });
});

it('looks for a later block ten epochs on, and no further: none is bound longer than its own time', () => {
  const rows = slashRows(() => undefined);
  rows.bind(asked(1, 20, 19), 0);
  expect(rows.bind(asked(2, 10, 9), 1)).toMatchObject({ verdict: 'refused', fault: 'parent-grinding' });
  expect(rows.bind(asked(3, 9, 8), 1)).toEqual({ verdict: 'bound' });
});

it('writes the row of a block once, however often it is bound: it names the record that did, and no batch makes another of it', () => {
  const stored = new Map<string, Uint8Array>();
  const rows = slashRows((key) => stored.get(toHex(key)));
  rows.bind(asked(1, 20, 19), 0);
  expect(rows.bind(asked(1, 20, 19), 1)).toEqual({ verdict: 'bound' });
  rows.undo(1);
  expect(rows.atEpoch(1000n, 20)?.seq).toBe(0);
  for (const { key, value } of rows.takeUnsaved(2)) stored.set(toHex(key), value);
  expect(stored.size).toBe(2);
  expect(rows.bind(asked(1, 20, 19), 2)).toEqual({ verdict: 'bound' });
  expect(rows.takeUnsaved(3)).toEqual([]);
});

it('undoes what a turn bound, and not what an earlier one of the same batch made void', () => {
  const stored = new Map<string, Uint8Array>();
  const rows = slashRows((key) => stored.get(toHex(key)));
  const save = (): void => {
    for (const { key, value } of rows.takeUnsaved(10)) stored.set(toHex(key), value);
  };
  rows.bind(asked(1, 20, 19), 0);
  save();
  rows.annul(1000n, 20);
  expect(rows.bind(asked(2, 21, 19), 1)).toEqual({ verdict: 'bound' });
  rows.undo(1);
  save();
  expect(rows.atEpoch(1000n, 20)).toBeUndefined();
  expect(rows.atEpoch(1000n, 21)).toBeUndefined();
  // Its base is free for another.
  expect(rows.bind(asked(3, 22, 19), 2)).toEqual({ verdict: 'bound' });
});

describe('rows that were taken for a batch', () => {
  it('count before the store has them: no second block of their epoch is bound, nor one on their base', () => {
    const rows = slashRows(() => undefined);
    rows.bind(asked(1, 20, 19), 0);
    expect(rows.takeUnsaved(1)).toHaveLength(2);
    expect(rows.atEpoch(1000n, 20)?.cid.equals(cid(1))).toBe(true);
    expect(rows.bind(asked(1, 20, 19), 1)).toEqual({ verdict: 'bound' });
    expect(rows.bind(asked(2, 20, 19), 1)).toMatchObject({ verdict: 'refused', fault: 'double-fork' });
    expect(rows.bind(asked(3, 21, 19), 1)).toMatchObject({ verdict: 'refused', fault: 'time-offset' });
    expect(rows.bind(asked(4, 19, 18), 1)).toMatchObject({ verdict: 'refused', fault: 'parent-grinding' });
    expect(rows.takeUnsaved(1)).toEqual([]);
  });

  it('are those of records alone: what a turn in the making binds waits for its own', () => {
    const rows = slashRows(() => undefined);
    rows.bind(asked(1, 20, 19), 0);
    rows.annul(1000n, 20);
    rows.bind(asked(2, 21, 19), 1);
    // By epoch 20, and by the base under the row of record 1.
    expect(rows.takeUnsaved(1).map(({ value }) => decodeSlashRow(value))).toMatchObject([
      { epoch: 20, isVoid: true },
      { epoch: 20, isVoid: true },
    ]);
    rows.undo(1);
    expect(rows.takeUnsaved(2)).toEqual([]);
    rows.bind(asked(3, 22, 19), 1);
    expect(rows.takeUnsaved(2).map(({ value }) => decodeSlashRow(value).epoch)).toEqual([22, 22]);
  });
});
