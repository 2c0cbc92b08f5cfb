/**
 * Luck and loss: each kind of loss counted apart, sums that add up whatever becomes of an epoch, and honest draws
 * within their interval.
 */

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fromUtf8, joinBytes } from '../../src/chain/encoding/bytes.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import type { Input, JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import type { Standing } from '../../src/mining/orphan.ts';
import type { EpochOutcome } from '../../src/mining/outcome.ts';
import { type LuckReport, luckFold } from '../../src/projections/luck.ts';
import type { Luck } from '../../src/projections/luck-sums.ts';
import * as round from '../machines/round.ts';
import { answered, epochRecords, fateRecords, type MadeEpoch, recordOf } from './fixtures/made-records.ts';

const drawn = (label: string): Uint8Array => joinBytes([0, 1, 2].map((part) => blake2b256(fromUtf8(`${label}/${part}`))));
const sure = { power: 1n, networkPower: 1n };
/** With all the power there is: 5 wins expected, and this draw gives as many. */
const won = { ...sure, vrfProof: drawn('won') };
const winsOfWon = 4;

const cid = round.cid(1);
const mined: EpochOutcome = { outcome: 'mined', cid, winCount: winsOfWon };
const lost: EpochOutcome = { outcome: 'lost', lambda: 1n, digest: 2n, missedBy: 1n };

function foldAll(epochs: readonly MadeEpoch[]) {
  const fold = luckFold();
  for (const epoch of epochs) for (const record of epochRecords(epoch)) fold.add(record);
  return fold;
}

/** Without the gaps: the whole journal knows of those that a window begins with. */
function drawsOf({ miners, all, ...range }: LuckReport) {
  const draws = ({ unattended: _, unattendedExpected: __, ...luck }: Luck) => luck;
  return { ...range, miners: miners.map(draws), all: draws(all) };
}

function one(outcome: EpochOutcome | null, election: MadeEpoch['election'] = won): Luck {
  return foldAll([{ miner: 'f01000', epoch: 7, election, outcome }]).report().all;
}

describe('what became of a win', () => {
  it.for<readonly [EpochOutcome, string]>([
    [{ outcome: 'late', stage: 'prove' }, 'late: prove'],
    [{ outcome: 'failed', stage: 'ticket', failure: round.fault }, 'failed: ticket NODE_REFUSED'],
    [{ outcome: 'rejected', failure: round.fault }, 'rejected: NODE_REFUSED'],
    [{ outcome: 'refused', why: 'parent-grinding', detail: '' }, 'refused: parent-grinding'],
    [{ outcome: 'abandoned', why: 'upgraded' }, 'abandoned: upgraded'],
    [{ outcome: 'stopped' }, 'stopped'],
  ])('%j is lost', ([outcome, why]) => {
    expect(one(outcome)).toMatchObject({
      wins: winsOfWon,
      lost: [{ name: why, outcome: outcome.outcome, epochs: 1, wins: winsOfWon }],
      kept: { epochs: 0 },
      open: { epochs: 0 },
    });
  });

  it('mined is kept, observed is neither, and one that goes on is open', () => {
    expect(one(mined)).toMatchObject({ kept: { epochs: 1, wins: winsOfWon }, lost: [] });
    expect(one({ outcome: 'observed', winCount: winsOfWon })).toMatchObject({ observed: { epochs: 1, wins: winsOfWon }, kept: { epochs: 0 }, lost: [] });
    expect(one(null)).toMatchObject({ open: { epochs: 1, wins: winsOfWon }, lost: [] });
  });

  it('what the chain has in the place of an observed block is kept or lost', () => {
    const observed = { outcome: 'observed', winCount: winsOfWon, template: { base: round.base } } as EpochOutcome;
    const seen = (standing: Standing, differs: readonly string[] = []) => {
      const fold = foldAll([{ miner: 'f01000', epoch: round.epoch, election: won, outcome: observed }]);
      const value = { miner: 'f01000', epoch: round.epoch, standing, differs } as unknown as Value;
      fold.add(recordOf('network', { type: 'seen', what: 'block', value }));
      return fold.report().all;
    };
    const wins = { epochs: 1, wins: winsOfWon };
    expect(seen(round.standing)).toMatchObject({ observedOnChain: wins, observed: { epochs: 0 }, lost: [] });
    expect(seen(round.standing, ['parents'])).toMatchObject({ observedOnChain: wins, lost: [] });
    expect(seen(round.others)).toMatchObject({
      observedOnChain: { epochs: 0 },
      lost: [{ outcome: 'orphaned', reason: 'not-seen', slow: null, name: 'not on the chain: not-seen', ...wins }],
    });
    expect(seen({ ...round.others, parents: round.cid(77) })).toMatchObject({
      lost: [{ outcome: 'orphaned', reason: 'base-differs', slow: null, name: 'not on the chain: base-differs', ...wins }],
    });
    expect(seen(round.nullRound)).toMatchObject({
      lost: [{ outcome: 'orphaned', reason: 'not-seen', slow: null, name: 'not on the chain: not-seen', ...wins }],
    });
  });

  it('what came too late is named by the step that had used the time up', () => {
    const asked = (name: string, n: number) => ({ n, name, input: null });
    const step = (actor: string, to: string, name: string) => ({ actor, from: null, to, effects: [asked(name, 0)], digest: new Uint8Array(8) });
    const fold = luckFold();
    const stream = `f01000/${round.epoch}`;
    const [start, info, election, last] = epochRecords({ miner: 'f01000', epoch: round.epoch, election: won, outcome: { outcome: 'late', stage: 'prove' } });
    const at = round.deadlines;
    fold.add({ ...(start as JournalRecord), at: at.base - 1000 });
    fold.add({
      ...recordOf(stream, answered('base-wait', 'getHead', null)),
      at: at.base,
      seq: 1,
      steps: [step('base-wait', 'asking.beacon', 'getBeaconEntry')],
    });
    fold.add({ ...recordOf(stream, { ...answered('base-wait', 'getBeaconEntry', null), key: [1, 0] } as Input), at: at.giveUp - 1000, seq: 2, steps: [] });
    fold.add({ ...(info as JournalRecord), at: at.giveUp - 900, seq: 3 });
    fold.add({ ...(election as JournalRecord), at: at.giveUp - 800, seq: 4, steps: [step('prove', 'proving', 'proveWinningPost')] });
    fold.add({ ...(last as JournalRecord), at: at.giveUp, seq: 5 });
    expect(fold.report().all.lost).toEqual([
      { outcome: 'late', reason: 'prove', slow: 'beacon', name: 'late: prove (slow beacon)', epochs: 1, wins: winsOfWon },
    ]);
  });

  it('a lost election is luck, and an epoch without one is neither', () => {
    expect(one(lost, { ...won, power: 0n })).toMatchObject({ elections: 1, wins: 0, expected: 0, luck: null, lost: [], interval: { low: 0, high: 0 } });
    expect(one({ outcome: 'late', stage: 'base' }, null)).toMatchObject({
      epochs: 1,
      elections: 0,
      expected: 0,
      lost: [],
      withoutElection: [{ outcome: 'late', reason: 'base', slow: null, name: 'late: base', epochs: 1 }],
    });
  });
});

describe('a mined block', () => {
  const after = (early: readonly Uint8Array[] | null, final: Parameters<typeof fateRecords>[4] = null): Luck => {
    const fold = foldAll([{ miner: 'f01000', epoch: 7, election: won, outcome: mined }]);
    for (const record of fateRecords('f01000', 7, cid, early, final)) fold.add(record);
    return fold.report().all;
  };
  const kept = { kept: { epochs: 1, wins: winsOfWon }, lost: [] };
  const orphaned = { kept: { epochs: 0, wins: 0 }, lost: [{ outcome: 'orphaned', reason: null, name: 'orphaned', epochs: 1, wins: winsOfWon }] };

  it('is kept until the chain shows another tipset at its height', () => {
    expect(after(null)).toMatchObject(kept);
    expect(after([round.cid(2), cid])).toMatchObject(kept);
    expect(after([round.cid(2)])).toMatchObject(orphaned);
  });

  it('is what it was when it became final, whatever it was before', () => {
    expect(after([round.cid(2)], { fate: 'included' })).toMatchObject(kept);
    expect(after([cid], { fate: 'orphaned', why: 'late-broadcast' }).lost).toMatchObject([
      { outcome: 'orphaned', reason: 'late-broadcast', name: 'orphaned: late-broadcast', epochs: 1, wins: winsOfWon },
    ]);
  });

  it('is neither kept nor lost where no node told when it was final, whatever was seen before', () => {
    const unknown = { kept: { epochs: 0 }, lost: [], fateUnknown: { epochs: 1, wins: winsOfWon } };
    for (const early of [null, [cid], [round.cid(2)]]) expect(after(early, { fate: 'unknown', failure: { ...round.blip } })).toMatchObject(unknown);
  });

  it('counts after an epoch that was abandoned with its block bound', () => {
    const fold = foldAll([{ miner: 'f01000', epoch: 7, election: won, outcome: { outcome: 'abandoned', why: 'poisoned' } }]);
    expect(fold.report().all.lost).toMatchObject([{ outcome: 'abandoned', reason: 'poisoned', epochs: 1, wins: winsOfWon }]);
    for (const record of fateRecords('f01000', 7, cid, null)) fold.add(record);
    expect(fold.report().all).toMatchObject(kept);
  });
});

const outcomes: fc.Arbitrary<EpochOutcome | null> = fc.constantFrom<EpochOutcome | null>(
  mined,
  lost,
  { outcome: 'late', stage: 'submit' },
  { outcome: 'stopped' },
  null,
);
const madeEpoch = fc.record({
  miner: fc.constantFrom('f01000', 'f01001', 'f0999'),
  election: fc.option(fc.record({ power: fc.bigInt(0n, 9n), networkPower: fc.constant(9n), vrfProof: fc.uint8Array({ minLength: 96, maxLength: 96 }) })),
  outcome: outcomes,
});
const journals = fc.array(madeEpoch, { maxLength: 40 }).map((list) => list.map((epoch, i): MadeEpoch => ({ ...epoch, epoch: i })));

const winsIn = ({ kept, open, observed, lost: gone }: Luck): number => kept.wins + open.wins + observed.wins + gone.reduce((sum, { wins }) => sum + wins, 0);

describe('whatever happens', () => {
  test.prop([journals])('every win is kept, lost, observed or open, exactly once', (epochs) => {
    const { miners, all } = foldAll(epochs).report();
    for (const luck of [...miners, all]) {
      expect(winsIn(luck)).toBe(luck.wins);
      expect(luck.elections + luck.withoutElection.reduce((sum, { epochs }) => sum + epochs, 0)).toBe(luck.epochs);
    }
  });

  test.prop([journals])('miners alone are those of all, and add up to them', (epochs) => {
    const { miners, all } = foldAll(epochs).report();
    for (const luck of miners) {
      const alone = luckFold({ miner: luck.miner });
      for (const epoch of epochs) for (const record of epochRecords(epoch)) alone.add(record);
      expect(alone.report().miners).toEqual([luck]);
    }
    for (const count of ['epochs', 'elections', 'wins'] as const) expect(miners.reduce((sum, luck) => sum + luck[count], 0)).toBe(all[count]);
    expect(miners.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(all.expected, 9);
  });

  test.prop([journals, fc.nat(40)])('a window is the journal from there on', (epochs, from) => {
    const fold = luckFold({ from });
    for (const epoch of epochs) for (const record of epochRecords(epoch)) fold.add(record);
    expect(drawsOf(fold.report())).toEqual(drawsOf(foldAll(epochs.filter(({ epoch }) => epoch >= from)).report()));
  });
});
