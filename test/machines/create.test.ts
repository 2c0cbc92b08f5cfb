/**
 * Create: one block from template to chain; bind before claim before submit, and nothing goes out that was not bound
 * and granted.
 */

import { describe, expect, it } from 'vitest';
import { createMachine } from '../../machines/create.ts';
import { answered, failed, given } from './given.ts';
import {
  base,
  baseLessFirst,
  blip,
  bound,
  config,
  created,
  deadlines,
  epoch,
  fault,
  headTooHigh,
  info,
  messages,
  miner,
  observing,
  otherVrf,
  proofs,
  vrf,
} from './round.ts';

const input = { miner, epoch, config, deadlines, info, base, ticket: vrf, winCount: 3, electionProof: otherVrf, proofs, messages };
const template = {
  miner,
  epoch,
  base,
  timestamp: 1_003_000n,
  ticket: vrf,
  winCount: 3,
  electionProof: otherVrf,
  beaconEntries: info.beacon.entries,
  proofs,
  messages,
  workerKey: info.workerKey,
};
const mined = { outcome: 'mined', cid: created.cid, winCount: 3 };

const creating = given(createMachine, input);
const confirming = creating.when(answered('createBlock', created));
const binding = confirming.when(answered('getHead', base));
const delivering = binding.when(answered('bind', { verdict: 'bound' }));

describe('a block', () => {
  it('is asked for by its template, and until the give-up', () => {
    expect(creating.state).toBe('creating');
    expect(creating.asked['createBlock']?.input).toEqual(template);
    expect(creating.asked['createBy']?.input).toEqual({ at: deadlines.giveUp });
  });

  it('is bound, then delivered', () => {
    expect(binding.asked).toEqual({ bind: { name: 'bind', input: bound } });
    expect(delivering.asked).toEqual({ deliver: { name: 'deliver', input: { config, bound, winCount: 3 } } });
    expect(delivering.when(answered('deliver', mined)).output).toEqual(mined);
  });
});

describe('its base', () => {
  it('is looked at once more when it is made, in time for the epoch', () => {
    expect(confirming.state).toBe('confirming');
    expect(confirming.asked).toEqual({
      confirmBy: { name: 'alarm', input: { at: deadlines.giveUp } },
      getHead: { name: 'getHead', input: { miner, epoch, by: deadlines.submit } },
    });
  });

  it.for([
    ['is higher', { ...base, height: base.height + 1 }, { ...input, epoch: epoch + 1 }],
    ['has lost one of its blocks', baseLessFirst, input],
  ] as const)('is another one when the head %s: nothing is bound on it', ([, head, from]) => {
    const made = given(createMachine, from).when(answered('createBlock', created), answered('getHead', head));
    expect(made).toMatchObject({ state: 'done', asked: {}, output: { outcome: 'moved', head } });
  });

  it.for([
    ['that has more blocks', answered('getHead', { ...base, blocks: [...base.blocks, { cid: vrf, ticket: vrf }] })],
    ['that is behind', answered('getHead', { ...baseLessFirst, height: base.height - 1 })],
    ['that was not told', failed('getHead', blip)],
    ['that was not told, for good', failed('getHead', fault)],
    ['whose alarm failed', failed('confirmBy', fault)],
  ] as const)('stands by a head %s', ([, event]) => {
    expect(confirming.when(event).asked).toEqual(binding.asked);
  });

  it('is of no use when the epoch has our block, or is over', () => {
    for (const event of [answered('getHead', headTooHigh), answered('confirmBy')])
      expect(confirming.when(event).output).toEqual({ outcome: 'late', stage: 'create' });
  });
});

describe('observing', () => {
  it('ends with the template and asks for nothing', () => {
    const observed = given(createMachine, { ...input, config: observing });
    expect(observed).toMatchObject({ state: 'done', asked: {}, open: [], output: { outcome: 'observed', winCount: 3, template } });
  });

  it('tells the base that select settled on', () => {
    expect(given(createMachine, { ...input, config: observing, base: baseLessFirst }).output).toMatchObject({ template: { base: baseLessFirst } });
  });
});

describe('creating', () => {
  it('is asked for again a second after a failure that may pass', () => {
    const pausing = creating.when(failed('createBlock', blip));
    expect(pausing).toMatchObject({
      state: 'pausing',
      asked: { createAgain: { name: 'alarm', input: { at: blip.at + 1000, within: 1000 } } },
      open: ['createAgain'],
    });
    expect(pausing.when(answered('createAgain')).asked['createBlock']?.input).toEqual(template);
  });

  it('is late at the give-up', () => {
    expect(creating.when(answered('createBy')).output).toEqual({ outcome: 'late', stage: 'create' });
  });

  it('fails with what the node said', () => {
    expect(creating.when(failed('createBlock', fault)).output).toEqual({ outcome: 'failed', stage: 'create', failure: fault });
  });

  it.for(['createBy', 'createAgain'])('fails when the alarm %s does', (alarm) => {
    const from = alarm === 'createBy' ? creating : creating.when(failed('createBlock', blip));
    expect(from.when(failed(alarm, fault)).output).toEqual({ outcome: 'failed', stage: 'create', failure: fault });
  });

  it('refuses a block that is not what was asked for, and binds nothing', () => {
    const other = creating.when(answered('createBlock', { ...created, mismatch: "the block's ticket is not the template's" }));
    expect(other).toMatchObject({
      state: 'done',
      asked: {},
      output: { outcome: 'refused', why: 'invalid', detail: "the block's ticket is not the template's" },
    });
  });
});

describe('bind', () => {
  it.for(['double-fork', 'time-offset', 'parent-grinding'] as const)('refuses for %s, and nothing is claimed', (fault) => {
    const refused = binding.when(answered('bind', { verdict: 'refused', fault, why: 'block f01000/99 stands there' }));
    expect(refused).toMatchObject({ asked: {}, output: { outcome: 'refused', why: fault, detail: 'block f01000/99 stands there' } });
  });

  it('refuses a verdict that it does not know', () => {
    expect(binding.when(answered('bind', { verdict: 'unknown' })).output).toEqual({ outcome: 'refused', why: 'invalid', detail: '' });
  });

  it('fails when it fails', () => {
    expect(binding.when(failed('bind', fault)).output).toEqual({ outcome: 'failed', stage: 'bind', failure: fault });
  });
});
