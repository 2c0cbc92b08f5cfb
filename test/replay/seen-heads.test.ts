/** Which head a node had at a time: only where the journal tells. */

import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/journal/format/value.ts';
import type { Head } from '../../src/mining/round.ts';
import { headAt, seenHeads } from '../../src/replay/seen-heads.ts';
import * as round from '../machines/round.ts';
import { recordOf } from '../projections/fixtures/made-records.ts';

const begins = (round.deadlines.submit / 1000 - round.config.blockDelaySecs) * 1000;
const { base: due } = round.deadlines;
const before: Head = { ...round.base, height: round.base.height - 1, blocks: [{ cid: round.cid(33), ticket: round.bytes(96, 1) }] };
const news = (head: Head, at: number) => ({ ...recordOf('network', { type: 'seen', what: 'head', value: head as unknown as Value }), at });
const asked = (head: Head, at: number, seq: number) => [
  {
    ...recordOf('f01000/1', { type: 'opened', machines: round.bytes(32, 0), versions: null }),
    seq,
    at,
    steps: [{ actor: 'base-wait', from: null, to: 'asking.head', effects: [{ n: 0, name: 'getHead', input: null }], digest: round.bytes(8, 0) }],
  },
  { ...recordOf('f01000/1', { type: 'result', actor: 'base-wait', id: 'getHead', key: [seq, 0], ok: true, value: head as unknown as Value }), at },
];
const at = (records: Parameters<typeof seenHeads>[0], when: number): number | null => headAt(seenHeads(records), when, round.config)?.height ?? null;

describe('the head of a time', () => {
  it('is that which was there since before, where its answer says since when', () => {
    const records = asked({ ...round.base, since: begins + 3000 }, due, 1);
    expect([at(records, begins + 3000), at(records, due - 1), at(records, begins + 2999)]).toEqual([99, 99, null]);
  });

  it('is not known before its answer, where that does not', () => {
    expect([at(asked(round.base, due, 1), due - 1), at(asked(round.base, due, 1), due)]).toEqual([null, 99]);
  });

  it('is the same between two answers that name the same', () => {
    const records = [...asked(before, begins - 5000, 1), ...asked(before, due, 2)];
    expect(at(records, begins)).toBe(98);
  });

  it('stays, from when a base is due until the epoch ends, until a late one is news', () => {
    const records = [...asked(before, due, 1), news(round.base, due + 5000)];
    expect([at(records, due + 4999), at(records, due + 5000), at(records, round.deadlines.submit - 1)]).toEqual([98, 99, 99]);
    expect(at(records, round.deadlines.submit)).toBeNull();
  });
});
