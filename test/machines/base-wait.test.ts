/** Base-wait: a head of the epoch before, its beacon entry, and whether the miner may mine; late by what it waited for. */

import { describe, expect, it } from 'vitest';
import { baseWaitMachine } from '../../machines/base-wait.ts';
import { answered, failed, given } from './given.ts';
import { base, blip, deadlines, epoch, fault, headTooHigh, inDebt, info, miner } from './round.ts';

const waiting = given(baseWaitMachine, { miner, epoch, deadlines });
const head = waiting.when(answered('baseDue'));
const beacon = head.when(answered('getHead', base));
const baseInfo = beacon.when(answered('getBeaconEntry', info.beacon.entries[0]));

/** Each question, the state it is asked in, and the stage that its failure or lateness is told by. */
const questions = [
  { asked: 'getHead', state: 'asking.head', stage: 'base', at: head },
  { asked: 'getBeaconEntry', state: 'asking.beacon', stage: 'beacon', at: beacon },
  { asked: 'getMiningBaseInfo', state: 'asking.info', stage: 'base-info', at: baseInfo },
] as const;

describe('base-wait', () => {
  it('asks nothing before a propagation delay into the epoch before', () => {
    expect(waiting).toMatchObject({ state: 'waiting', asked: { baseDue: { name: 'alarm', input: { at: (1_000_000 + 30 * 99 + 10) * 1000 } } } });
    expect(waiting.open).toEqual(['baseDue']);
  });

  it('asks for head, beacon entry and base info one after another, until the give-up', () => {
    expect(head.asked).toEqual({ giveUp: { name: 'alarm', input: { at: deadlines.giveUp } }, getHead: { name: 'getHead', input: null } });
    expect(beacon.asked).toEqual({ getBeaconEntry: { name: 'getBeaconEntry', input: { epoch } } });
    expect(baseInfo.asked).toEqual({ getMiningBaseInfo: { name: 'getMiningBaseInfo', input: { miner, epoch, base } } });
    expect(baseInfo.open).toEqual(['giveUp', 'getMiningBaseInfo']);
  });

  it('ends with the base and what the chain says of the miner', () => {
    expect(baseInfo.when(answered('getMiningBaseInfo', info)).output).toEqual({ outcome: 'base', base, info });
  });

  it('takes a base of any number of null rounds', () => {
    expect(head.when(answered('getHead', { ...base, height: epoch - 40 })).state).toBe('asking.beacon');
  });

  it('is late when the chain is at its epoch already', () => {
    expect(head.when(answered('getHead', headTooHigh)).output).toEqual({ outcome: 'late', stage: 'base' });
  });

  it('tells why the miner may not mine', () => {
    expect(baseInfo.when(answered('getMiningBaseInfo', inDebt)).output).toEqual({ outcome: 'ineligible', reason: 'fee-debt' });
    expect(baseInfo.when(answered('getMiningBaseInfo', null)).output).toEqual({ outcome: 'ineligible', reason: 'no-active-sectors' });
    expect(baseInfo.when(answered('getMiningBaseInfo', { ...inDebt, reason: null })).output).toEqual({ outcome: 'ineligible', reason: 'unknown' });
  });

  it('fails when its first alarm does', () => {
    expect(waiting.when(failed('baseDue', fault)).output).toEqual({ outcome: 'failed', stage: 'base', failure: fault });
  });
});

describe.each(questions)('$asked', ({ asked, state, stage, at }) => {
  const pausing = at.when(failed(asked, blip));

  it(`is asked in ${state}`, () => {
    expect(at.state).toBe(state);
  });

  it('is asked again a second after a failure that may pass', () => {
    expect(pausing).toMatchObject({ state: 'asking.pausing', asked: { retryDue: { name: 'alarm', input: { at: blip.at + 1000 } } } });
    expect(pausing.open).toEqual(['giveUp', 'retryDue']);
    const again = pausing.when(answered('retryDue'));
    expect(again.state).toBe(state);
    expect(again.asked[asked]).toEqual(at.asked[asked]);
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
