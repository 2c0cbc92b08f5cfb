/**
 * Base-wait: a head of the epoch before, its beacon entry, whether the miner may mine, and the head once more; late by
 * what it waited for.
 */

import { describe, expect, it } from 'vitest';
import { baseWaitMachine } from '../../machines/base-wait.ts';
import { answered, failed, given, type Scenario } from './given.ts';
import { base, baseLessFirst, baseLessLast, blip, cid, deadlines, epoch, fault, headTooHigh, inDebt, info, miner, vrf } from './round.ts';

const waiting = given(baseWaitMachine, { miner, epoch, deadlines, base: null });
const head = waiting.when(answered('baseDue'));
const beacon = head.when(answered('getHead', base));
const baseInfo = beacon.when(answered('getBeaconEntry', info.beacon.entries[0]));
const again = baseInfo.when(answered('getMiningBaseInfo', info));

const lower = { ...base, height: base.height - 1 };
const withMore = { ...base, blocks: [...base.blocks, { cid: cid(3), ticket: vrf }] };

/**
 * Each question, the state it is asked in, the stage that its failure or lateness is told by, and what a retry begins
 * with.
 */
const questions = [
  { asked: 'getHead', state: 'asking.head', stage: 'base', at: head, retries: 'getHead' },
  { asked: 'getBeaconEntry', state: 'asking.beacon', stage: 'beacon', at: beacon, retries: 'getBeaconEntry' },
  { asked: 'getMiningBaseInfo', state: 'asking.info', stage: 'base-info', at: baseInfo, retries: 'getHead' },
  { asked: 'getHead', state: 'asking.head', stage: 'base', at: again, retries: 'getHead' },
] as const;

const infoAsked = (on: unknown) => ({ getMiningBaseInfo: { name: 'getMiningBaseInfo', input: { miner, epoch, base: on } } });

describe('base-wait', () => {
  it('asks nothing before a propagation delay into the epoch before', () => {
    expect(waiting).toMatchObject({ state: 'waiting', asked: { baseDue: { name: 'alarm', input: { at: (1_000_000 + 30 * 99 + 10) * 1000 } } } });
    expect(waiting.open).toEqual(['baseDue']);
  });

  it('asks for head, beacon entry, base info and the head once more, one after another, until the give-up', () => {
    const headAsked = { name: 'getHead', input: { miner, epoch } };
    expect(head.asked).toEqual({
      giveUp: { name: 'alarm', input: { at: deadlines.giveUp } },
      cutoff: { name: 'alarm', input: { at: deadlines.cutoff } },
      getHead: headAsked,
    });
    expect(beacon.asked).toEqual({ getBeaconEntry: { name: 'getBeaconEntry', input: { epoch } } });
    expect(baseInfo.asked).toEqual(infoAsked(base));
    expect(again.asked).toEqual({ getHead: headAsked });
    expect(again.open).toEqual(['giveUp', 'cutoff', 'getHead']);
  });

  it('ends with the base and what the chain says of the miner when the head is still the same', () => {
    expect(again.when(answered('getHead', base)).output).toEqual({ outcome: 'base', base, info });
  });

  it('takes a base of any number of null rounds', () => {
    expect(head.when(answered('getHead', { ...base, height: epoch - 40 })).state).toBe('asking.beacon');
  });

  it('is late when the chain is at its epoch already', () => {
    expect(head.when(answered('getHead', headTooHigh)).output).toEqual({ outcome: 'late', stage: 'base' });
    expect(again.when(answered('getHead', headTooHigh)).output).toEqual({ outcome: 'late', stage: 'base' });
  });

  it('tells why the miner may not mine, of a base that stands', () => {
    const told = (answer: unknown) => baseInfo.when(answered('getMiningBaseInfo', answer), answered('getHead', base)).output;
    expect(told(inDebt)).toEqual({ outcome: 'ineligible', reason: 'fee-debt' });
    expect(told(null)).toEqual({ outcome: 'ineligible', reason: 'no-active-sectors' });
    expect(told({ ...inDebt, reason: null })).toEqual({ outcome: 'ineligible', reason: 'unknown' });
  });

  it('fails when its first alarm does', () => {
    expect(waiting.when(failed('baseDue', fault)).output).toEqual({ outcome: 'failed', stage: 'base', failure: fault });
  });
});

describe('a head that is another one after the waits', () => {
  const onLower = head.when(answered('getHead', lower), answered('getBeaconEntry', info.beacon.entries[0]), answered('getMiningBaseInfo', inDebt));
  const cut = onLower.when(answered('cutoff'));
  const onLowest = head.when(
    answered('getHead', { ...lower, height: lower.height - 1 }),
    answered('getBeaconEntry', info.beacon.entries[0]),
    answered('getMiningBaseInfo', info),
  );

  it.for([
    ['before the cut-off', onLower],
    ['from the cut-off on', cut],
  ] as [string, Scenario][])('and higher is the base, and the miner is asked about anew, %s', ([, at]) => {
    const moved = at.when(answered('getHead', base));
    expect([moved.state, moved.asked]).toEqual(['asking.info', infoAsked(base)]);
    expect(moved.when(answered('getMiningBaseInfo', info), answered('getHead', base)).output).toEqual({ outcome: 'base', base, info });
  });

  describe('and another one after each round, as of a node that stands between two', () => {
    const round = answered('getMiningBaseInfo', info);
    const once = again.when(answered('getHead', withMore), round);
    const calming = once.when(answered('getHead', base));

    it('is asked for after a pause from the second time on: one round is undone at once, and no storm comes of it', () => {
      expect(once).toMatchObject({ state: 'asking.head', asked: { getHead: {} } });
      expect(calming).toMatchObject({ state: 'asking.calming', asked: { calmDue: { name: 'alarm', input: { at: deadlines.cutoff, within: 1000 } } } });
      const next = calming.when(answered('calmDue'));
      expect(next).toMatchObject({ state: 'asking.head', asked: { getHead: {} } });
      expect(next.when(answered('getHead', base), round, answered('getHead', withMore)).state).toBe('asking.calming');
    });

    it('is the base when it stays', () => {
      const settled = calming.when(answered('calmDue'), answered('getHead', withMore), round, answered('getHead', withMore));
      expect(settled.output).toEqual({ outcome: 'base', base: withMore, info });
    });

    it('is waited for until the give-up once the base is cut, and is late or fails as any other wait', () => {
      const higher = (by: number) => answered('getHead', { ...lower, height: lower.height + by });
      const climbing = onLowest.when(answered('cutoff'), higher(0), round, higher(1));
      expect(climbing.asked).toEqual({ calmDue: { name: 'alarm', input: { at: deadlines.giveUp, within: 1000 } } });
      expect(calming.when(answered('giveUp')).output).toEqual({ outcome: 'late', stage: 'base' });
      expect(calming.when(failed('calmDue', fault)).output).toEqual({ outcome: 'failed', stage: 'base', failure: fault });
    });
  });

  it('of the same height is the base before the cut-off, whatever it has', () => {
    for (const other of [withMore, baseLessFirst]) expect(again.when(answered('getHead', other)).asked).toEqual(infoAsked(other));
  });

  it('of the same height only takes blocks away from the cut-off on', () => {
    const late = again.when(answered('cutoff'));
    expect(late).toMatchObject({ state: 'asking.head', asked: {} });
    expect(late.when(answered('getHead', withMore)).output).toEqual({ outcome: 'base', base, info });
    expect(late.when(answered('getHead', baseLessLast)).asked).toEqual(infoAsked(baseLessLast));
  });

  it('and lower is a node that lags: the base stands', () => {
    for (const at of [again, again.when(answered('cutoff'))]) expect(at.when(answered('getHead', lower)).output).toEqual({ outcome: 'base', base, info });
  });

  it('is the base after a retry too', () => {
    const moved = baseInfo.when(failed('getMiningBaseInfo', blip), answered('retryDue'), answered('getHead', withMore));
    expect(moved.asked).toEqual(infoAsked(withMore));
  });

  it('fails when the alarm of the cut-off does', () => {
    expect(again.when(failed('cutoff', fault)).output).toEqual({ outcome: 'failed', stage: 'base', failure: fault });
  });
});

describe('a base that is given', () => {
  it('is asked about at once: its beacon entry is there', () => {
    const rebasing = given(baseWaitMachine, { miner, epoch, deadlines, base });
    expect(rebasing.state).toBe('asking.info');
    expect(rebasing.asked).toMatchObject(infoAsked(base));
    expect(rebasing.when(answered('getMiningBaseInfo', info), answered('getHead', lower)).output).toEqual({ outcome: 'base', base, info });
  });
});

describe.each(questions)('$asked in $state, told as $stage', ({ asked, state, stage, at, retries }) => {
  const pausing = at.when(failed(asked, blip));

  it('is asked there', () => {
    expect(at.state).toBe(state);
  });

  it(`is asked again a second after a failure that may pass, by ${retries} first`, () => {
    expect(pausing).toMatchObject({ state: 'asking.pausing', asked: { retryDue: { name: 'alarm', input: { at: blip.at + 1000, within: 1000 } } } });
    expect(pausing.open).toEqual(['giveUp', 'cutoff', 'retryDue']);
    expect(Object.keys(pausing.when(answered('retryDue')).asked)).toEqual([retries]);
  });

  it('fails with any other failure', () => {
    expect(at.when(failed(asked, fault)).output).toEqual({ outcome: 'failed', stage, failure: fault });
  });

  it('is late at the give-up, while it waits and while it pauses', () => {
    expect(at.when(answered('giveUp')).output).toEqual({ outcome: 'late', stage });
    expect(pausing.when(answered('giveUp')).output).toEqual({ outcome: 'late', stage });
  });

  it('fails with its alarms', () => {
    expect(at.when(failed('giveUp', fault)).output).toEqual({ outcome: 'failed', stage, failure: fault });
    expect(pausing.when(failed('retryDue', fault)).output).toEqual({ outcome: 'failed', stage, failure: fault });
  });
});
