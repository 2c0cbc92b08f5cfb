/** The hash chain and what opening and verifying hold against it (src/journal). */

import type { Mutant } from '../mutant.ts';

const held = { tests: ['test/journal/held.test.ts'] } as const;
const RECORD_CHAIN = 'src/journal/record-chain.ts';
const VERIFY = 'src/journal/verify.ts';
const LIVE_ROWS = 'src/journal/live-rows.ts';

export const chain: Readonly<Record<string, Mutant>> = {
  prev: {
    what: 'whether a record names the one before it is not asked',
    change: [RECORD_CHAIN, 'if (before !== undefined && !equalBytes(stored.record.prev, before))', 'if (before === NO_HASH)'],
    ...held,
  },
  'prev of the first': {
    what: 'the first record may name any as the one before it',
    change: [RECORD_CHAIN, 'expected === begin.first ? begin.prev : undefined', 'undefined'],
    ...held,
  },
  gap: {
    what: 'a record that is missing is not seen to be',
    change: [RECORD_CHAIN, 'if (seqOfKey(key) !== expected)', 'if (seqOfKey(key) < expected)'],
    ...held,
  },
  "head's hash": {
    what: "the last record is not held against the head's hash",
    change: [RECORD_CHAIN, 'if (expected === head.seq && !equalBytes(stored.hash, head.hash))', 'if (expected > head.seq)'],
    ...held,
  },
  'tail at open': {
    what: 'opening verifies no tail',
    change: ['src/journal/journal.ts', '  await verifyTail(store, sharedStore(load), ground);\n', ''],
    ...held,
  },
  'live rows at open': {
    what: 'the rows of the streams that go on are not held against records at open',
    change: ['src/journal/open-checks.ts', '  checkLiveRows(store, live, checkpoint);\n', ''],
    ...held,
  },
  "live row's hash": {
    what: 'a row may name another record than the one at its seq',
    change: [LIVE_ROWS, 'if (found === undefined || !equalBytes(found, hash))', 'if (found === undefined)'],
    ...held,
  },
  'live rows in verify': {
    what: 'verify does not ask whether a row names the last record of its stream',
    change: [VERIFY, 'if (row === undefined || row.seq !== seq || !equalBytes(row.hash, hash))', 'if (row === undefined)'],
    ...held,
  },
  'number of live rows': {
    what: 'verify passes over a row of a stream that has ended',
    change: [VERIFY, 'if (live.rows.size !== lasts.size)', 'if (live.rows.size < lasts.size)'],
    ...held,
  },
  "blob's hash": {
    what: 'bytes are given out without a look at their hash',
    change: ['src/journal/journal.ts', 'if (!equalBytes(sha256(bytes), hashOfBlob))', 'if (bytes.length === 0)'],
    ...held,
  },
  "blob's hash in verify": {
    what: 'verify does not hash what records name',
    change: [VERIFY, 'if (!equalBytes(sha256(bytes), key.subarray(1)))', 'if (bytes.length === 0)'],
    ...held,
  },
  "slash row's CID": {
    what: 'verify does not compare the CID of a slash row with the block that was bound',
    change: [VERIFY, 'if (!equalBytes(wanted, cid.bytes))', 'if (wanted.length !== cid.bytes.length)'],
    ...held,
  },
  'number of slash rows': {
    what: 'verify passes over a slash row that is missing',
    change: [VERIFY, 'if (rows !== bound.size)', 'if (rows > bound.size)'],
    ...held,
  },
  'slash row of no bind': {
    what: 'verify passes over a slash row that no record led to',
    change: [VERIFY, 'if (wanted === undefined && poisoned.has(seq)) continue;', 'if (wanted === undefined) continue;'],
    ...held,
  },
  sync: {
    what: 'a batch is acknowledged before it is on disk',
    change: ['src/journal/level-store.ts', 'await batch.write({ sync: true });', 'await batch.write({ sync: false });'],
    ...held,
  },
};
