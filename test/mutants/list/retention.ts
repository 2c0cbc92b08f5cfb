/** What a journal that gives records up keeps of them (src/replay/retention.ts, src/journal/prune.ts). */

import type { Mutant } from '../mutant.ts';

const begun = { tests: ['test/replay/retention/begun.test.ts'] } as const;
const prune = { tests: ['test/journal/prune.test.ts'] } as const;
const RETENTION = 'src/replay/retention.ts';
const PRUNE = 'src/journal/prune.ts';

export const retained: Readonly<Record<string, Mutant>> = {
  'begun before': {
    what: 'epochs that were begun before the last checkpoint are not carried over to the next',
    change: [RETENTION, '    begun: { ...from.begun },\n', '    begun: {},\n'],
    ...begun,
  },
  'between begun': {
    what: 'all epochs up to the highest that was begun count as begun',
    change: ['src/journal/format/begun.ts', 'epoch >= from && epoch <= to', 'from >= 0 && epoch <= to'],
    ...begun,
  },
  'time ahead': {
    what: 'an epoch that a clock which was ahead began is new for ever, and nothing behind it is given up',
    change: ['src/replay/retention-kept.ts', ' && at <= last;', ';'],
    ...begun,
  },
  'begun again': {
    what: 'an epoch whose records are gone is begun again',
    change: ['src/runtime/session.ts', '|| begun.has(stream) || wasGivenUp(journal, stream)) return false;', '|| begun.has(stream)) return false;'],
    ...begun,
  },
  'values named by values': {
    what: 'values that kept values name are not followed',
    change: [PRUNE, 'for (let grown = true; grown; ) {', 'for (let grown = false; grown; ) {'],
    ...prune,
  },
  'followed once': {
    what: 'values that kept values name are followed once, in the order in which they lie on disk',
    change: [PRUNE, 'grown = named.add(hash) || grown;', 'named.add(hash);'],
    ...prune,
  },
  'blobs of records alone': {
    what: 'bytes that only a kept value names are taken away',
    change: [PRUNE, 'if (named.has(key.subarray(1))) continue;', "if (room === 'shared' && named.has(key.subarray(1))) continue;"],
    ...prune,
  },
};
