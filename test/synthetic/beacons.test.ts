/** Beacon entries on made chains: null rounds, Skyr, and one drand network after the other (docs/protocol.md 2.15). */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import { drandAt, roundAt, signedEntries } from './base-facts.ts';
import {
  FIRST_QUICK,
  SECOND_CHAINED,
  SECOND_QUICK,
  SWITCHING_SKYR,
  slowChain,
  switchingChain,
  THIRD_CHAINED,
  UNCHAINED_SKYR,
  unchainedChain,
} from './beacon-chains.ts';
import { auditMade } from './made/audit.ts';
import { sampling } from './sampling.ts';
import { type BlockPlan, planBlock, type SealedBlock, signedBlocks, winner } from './sealed-block.ts';
import { SOLE } from './sole-miner.ts';
import { judgeOf, wrongsOf } from './verdicts.ts';

const { bls } = loadBls();
const { sample, extent } = sampling(bls);
const switching = switchingChain(bls);
const unchained = unchainedChain(bls);
const slow = slowChain(bls);

/** The entries of the chain's own block at this epoch. */
function entriesAt(chain: typeof switching, epoch: number): readonly BeaconEntry[] {
  return chain.at(epoch).tipset.blocks[0]?.beaconEntries ?? [];
}

describe.for([switching, unchained, slow])(`honest blocks of $params.name${extent}`, (chain) => {
  const later = signedBlocks(chain).filter(({ header }) => header.height > 1);

  it.for(sample(later).map((block) => [block.header.height, block] as const))('are good at %i', ([, block]) => {
    expect(wrongsOf(judgeOf(chain), block)).toEqual([]);
  });
});

describe('the first block after genesis', () => {
  it('is good on an unchained network, whose entries stand alone', () => {
    expect(wrongsOf(judgeOf(unchained), signedBlocks(unchained)[0] as SealedBlock)).toEqual([]);
  });

  it('cannot be checked on a chained one: the round before its first is not on the chain', () => {
    expect(() => wrongsOf(judgeOf(switching), signedBlocks(switching)[0] as SealedBlock)).toThrow(/beacon-signatures .*not-checkable.*predecessor/);
  });
});

describe('what an honest block carries', () => {
  it.for([
    ['one entry an epoch', unchained, 9, 1],
    ['one for each of two null rounds', unchained, 12, 3],
    ['one for each null round across Skyr', unchained, UNCHAINED_SKYR + 2, 4],
    ['two where a chained network begins, whatever null rounds there are', switching, SECOND_CHAINED + 2, 2],
    ['two where Skyr makes a chained network leap a round', switching, SWITCHING_SKYR + 1, 2],
    ['one for each null round across the begin of an unchained network', switching, FIRST_QUICK + 2, 5],
    ['one for each null round from one unchained network to the other', switching, SECOND_QUICK, 3],
    ['one for each null round of a round that four epochs share', slow, 13, 4],
    ['none where a chained round is longer than the epochs since the base', slow, 14, 0],
    ['two where a chained network follows an unchained one', switching, THIRD_CHAINED + 2, 2],
  ] as const)('%s', ([, chain, epoch, count]) => {
    expect(entriesAt(chain, epoch)).toHaveLength(count);
  });

  it('is of rounds ten apart across Skyr, but all by the rule of the block', () => {
    const rounds = entriesAt(unchained, UNCHAINED_SKYR + 2).map(({ round }) => round);
    expect(rounds.slice(1).map((round, i) => round - (rounds[i] as bigint))).toEqual([10n, 10n, 10n]);
    expect((rounds[0] as bigint) - (entriesAt(unchained, UNCHAINED_SKYR - 2).at(-1) as BeaconEntry).round).toBe(11n);
  });
});

type Change = (plan: BlockPlan) => readonly BeaconEntry[];

/** Entries of these rounds of the epoch's network, signed. */
function ofRounds(chain: typeof switching, rounds: (right: readonly bigint[], epoch: number) => readonly bigint[]): Change {
  return ({ epoch, entries, base }) => {
    const right = entries.map(({ round }) => round);
    return signedEntries(drandAt(chain, epoch), rounds(right, epoch), base.entry);
  };
}

function withoutFirst({ entries }: BlockPlan): readonly BeaconEntry[] {
  return entries.slice(1);
}

/** The last round, its bytes those of another. */
function forgedLast({ entries, base }: BlockPlan): readonly BeaconEntry[] {
  const last = entries.at(-1) as BeaconEntry;
  return [...entries.slice(0, -1), { ...last, data: base.entry.data }];
}

const bySkyr = (chain: typeof switching, isAfter: boolean) => ofRounds(chain, (_, epoch) => [roundAt(chain, drandAt(chain, epoch).network, epoch, isAfter)]);

const ROUNDS = ['beacon-rounds'];
const SIGNATURES = ['beacon-signatures'];
const BOTH = ['beacon-rounds', 'beacon-signatures'];

const FRAUDS: readonly (readonly [what: string, chain: typeof switching, epoch: number, entries: Change, wrong: readonly string[]])[] = [
  ['no entry', unchained, 9, () => [], ROUNDS],
  ['no entry of a null round', unchained, 12, withoutFirst, ROUNDS],
  ['no entry of a null round, chained', switching, 26, withoutFirst, BOTH],
  ['the rounds of two null rounds turned round', unchained, 12, ofRounds(unchained, ([a, b, c]) => [b, a, c] as bigint[]), ROUNDS],
  ['one round early', unchained, 9, ofRounds(unchained, ([a]) => [(a as bigint) - 1n]), ROUNDS],
  ['an entry that drand did not sign', unchained, 9, forgedLast, SIGNATURES],
  ['a chained entry that drand did not sign', switching, 24, forgedLast, SIGNATURES],
  ['the round of before Skyr after it', unchained, UNCHAINED_SKYR + 3, bySkyr(unchained, false), ROUNDS],
  ['the round of after Skyr before it', unchained, UNCHAINED_SKYR - 2, bySkyr(unchained, true), ROUNDS],
  ['the round of before Skyr after it, chained', switching, SWITCHING_SKYR + 1, ofRounds(switching, ([a]) => [a as bigint]), ROUNDS],
  ['the round of after Skyr at its own height, chained', switching, SWITCHING_SKYR, ofRounds(switching, ([a]) => [a as bigint, (a as bigint) + 1n]), ROUNDS],
  [
    'null rounds up to Skyr by the rule of before',
    unchained,
    UNCHAINED_SKYR + 2,
    ofRounds(unchained, ([a, b, ...rest]) => [(a as bigint) - 1n, (b as bigint) - 1n, ...rest]),
    ROUNDS,
  ],
  ['one entry where a chained network begins', switching, SECOND_CHAINED + 2, withoutFirst, ROUNDS],
  [
    'three entries where a chained network begins',
    switching,
    SECOND_CHAINED + 2,
    ofRounds(switching, ([a, b]) => [(a as bigint) - 1n, a as bigint, b as bigint]),
    ROUNDS,
  ],
  ['a second entry that does not follow the first', switching, SECOND_CHAINED + 2, forgedLast, SIGNATURES],
  ['one entry where a chained network follows an unchained one', switching, THIRD_CHAINED + 2, withoutFirst, ROUNDS],
  ['the first entry of a new unchained network left out', switching, FIRST_QUICK + 2, withoutFirst, ROUNDS],
  ['no entry of a null round at the next unchained network', switching, SECOND_QUICK, withoutFirst, ROUNDS],
  ['a round again that nobody signed', slow, 19, ({ entries: [a, b, c], base }) => [a, { ...b, data: base.entry.data }, c] as BeaconEntry[], SIGNATURES],
  ['a round that the base has', slow, 14, ({ base }) => [base.entry], ROUNDS],
];

describe(`a block with other entries${extent}`, () => {
  it.for(sample(FRAUDS))('%s', ([, chain, epoch, entries, wrong]) => {
    const plan = planBlock(chain, epoch, SOLE, { base: chain.lastUpTo(epoch - 1) });
    expect(wrongsOf(judgeOf(chain), winner(chain, { ...plan, entries: entries(plan) }))).toEqual(wrong);
  });

  it('is good where a chained network begins, whatever the first entry is: nothing on the chain can tell', () => {
    const epoch = SECOND_CHAINED + 2;
    const plan = planBlock(switching, epoch, SOLE, { base: switching.lastUpTo(epoch - 1) });
    const first = { round: (plan.entries[0] as BeaconEntry).round, data: Uint8Array.of(1, 2, 3) };
    const second = drandAt(switching, epoch).entry(first.round + 1n, first.data);
    expect(wrongsOf(judgeOf(switching), winner(switching, { ...plan, entries: [first, second] }))).toEqual([]);
  });

  it('is good with a round once where several epochs share it, as Lotus up to 1.25 made it', () => {
    const plan = planBlock(slow, 19, SOLE, { base: slow.lastUpTo(18) });
    expect(plan.entries.map(({ round }) => round - (plan.entries[0] as BeaconEntry).round)).toEqual([0n, 0n, 0n]);
    expect(wrongsOf(judgeOf(slow), winner(slow, { ...plan, entries: plan.entries.slice(0, 1) }))).toEqual([]);
  });

  it('is wrong by an entry of the network before', () => {
    const epoch = SECOND_QUICK + 1;
    const plan = planBlock(switching, epoch, SOLE, { base: switching.at(SECOND_QUICK) });
    const old = drandAt(switching, SECOND_QUICK - 1);
    const entries = [old.entry(roundAt(switching, old.network, epoch, true), new Uint8Array(0))];
    expect(wrongsOf(judgeOf(switching), winner(switching, { ...plan, entries }))).toEqual(BOTH);
  });
});

describe('an audit of each chain in a file', () => {
  const isSlow = bls.name === 'noble';

  it.for([
    [unchained, isSlow ? UNCHAINED_SKYR : 0],
    [switching, isSlow ? THIRD_CHAINED : 2],
    [slow, isSlow ? 14 : 7],
  ] as const)('finds nothing wrong ($0.params.name from $1 on)', async ([chain, from]) => {
    const blocks = signedBlocks(chain).filter(({ header }) => header.height >= from).length;
    expect(await auditMade(chain, from, chain.head().height)).toEqual({ blocks, wrong: [], notCheckable: [], instead: [] });
  });
});
