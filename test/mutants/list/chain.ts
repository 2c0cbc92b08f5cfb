/** The hash chain and what opening and verifying hold against it (src/journal). */

import type { Mutant } from '../mutant.ts';

const held = { tests: ['test/journal/held.test.ts'] } as const;
const RECORD_CHAIN = 'src/journal/chain/record-chain.ts';
const VERIFY = 'src/journal/verify.ts';
const SLASH_CHECKS = 'src/journal/slash/slash-checks.ts';
const forged = { tests: ['test/replay/forged-slash.test.ts'] } as const;
const LIVE_ROWS = 'src/journal/chain/live-rows.ts';

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
    what: 'nobody compares a slash row with the bind of its record',
    change: [SLASH_CHECKS, 'if (equalBytes(stored, due.value)) return null;', 'if (stored.length > 0) return null;'],
    ...forged,
  },
  'number of slash rows': {
    what: 'verify passes over a slash row that is missing',
    change: [SLASH_CHECKS, 'if (rows !== due.size)', 'if (rows > due.size)'],
    ...forged,
  },
  'slash row of no bind': {
    what: 'verify passes over a slash row that no record led to',
    change: [SLASH_CHECKS, '} else if (row.seq >= first) throw corrupt(', '} else if (row.seq > Number.MAX_VALUE) throw corrupt('],
    ...held,
  },
  sync: {
    what: 'a batch is acknowledged before it is on disk',
    change: ['src/journal/store/level-store.ts', 'await batch.write({ sync: true });', 'await batch.write({ sync: false });'],
    ...held,
  },
};
