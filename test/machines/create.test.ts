/** Create: one block from template to chain; bind before claim before submit, and nothing goes out that was not bound and granted. */

import { describe, expect, it } from 'vitest';
import { createMachine } from '../../machines/create.ts';
import { answered, failed, given } from './given.ts';
import {
  base,
  baseLessFirst,
  blip,
  cid,
  config,
  created,
  deadlines,
  epoch,
  fault,
  info,
  messages,
  miner,
  observing,
  otherVrf,
  proofs,
  tooLate,
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
};
const own = { miner, epoch, base, cid: created.cid, block: created.block };
const mined = { outcome: 'mined', cid: created.cid, winCount: 3 };

const creating = given(createMachine, input);
const binding = creating.when(answered('createBlock', created));
const claiming = binding.when(answered('bind', { verdict: 'bound' }));
const awaiting = claiming.when(answered('claim', { verdict: 'granted' }));
const submitting = awaiting.when(answered('epochBegins'));
const settling = submitting.when(answered('submitBlock'));
const looking = settling.when(answered('settled'));

describe('a block', () => {
  it('is asked for by its template, and until the give-up', () => {
    expect(creating.state).toBe('creating');
    expect(creating.asked['createBlock']?.input).toEqual(template);
    expect(creating.asked['createBy']?.input).toEqual({ at: deadlines.giveUp });
  });

  it('is bound, then claimed, then waits for its epoch, then goes out', () => {
    expect([binding.asked, claiming.asked]).toEqual([{ bind: { name: 'bind', input: own } }, { claim: { name: 'claim', input: own } }]);
    expect(awaiting.asked).toEqual({ epochBegins: { name: 'alarm', input: { at: deadlines.submit } } });
    const { block } = created;
    expect(submitting.asked).toEqual({ submitBlock: { name: 'submitBlock', input: { miner, epoch, cid: created.cid, block, by: deadlines.giveUp } } });
  });

  it('is looked for once the others of its epoch are out, and mined when it stands there', () => {
    expect(settling.asked).toEqual({ settled: { name: 'alarm', input: { at: deadlines.giveUp } } });
    expect(looking.asked).toEqual({ getTipset: { name: 'getTipset', input: { height: epoch } } });
    expect(looking.when(answered('getTipset', [cid(1), created.cid])).output).toEqual(mined);
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
    expect(pausing).toMatchObject({ state: 'pausingCreate', asked: { createAgain: { name: 'alarm', input: { at: blip.at + 1000 } } }, open: ['createAgain'] });
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

describe('the claim', () => {
  it('is read again when the fence does not know, and refused when it still does not', () => {
    const again = claiming.when(answered('claim', { verdict: 'unknown' }));
    expect(again).toMatchObject({ state: 'claiming', asked: { claim: { name: 'claim', input: own } } });
    expect([...again.stepped.entered]).toEqual(['claim']);
    expect(again.when(answered('claim', { verdict: 'granted' })).state).toBe('awaitingEpoch');
    expect(again.when(answered('claim', { verdict: 'unknown' })).output).toMatchObject({ outcome: 'refused', why: 'fence-unknown' });
  });

  it('is refused when another instance holds the epoch', () => {
    const conflict = claiming.when(answered('claim', { verdict: 'conflict', kind: 'double-fork', by: 'host-b' }));
    expect(conflict.output).toEqual({ outcome: 'refused', why: 'fence-conflict', detail: 'double-fork with host-b' });
  });

  it('is made again after a failure that may pass, and fails after any other', () => {
    const pausing = claiming.when(failed('claim', blip));
    expect(pausing).toMatchObject({ state: 'pausingClaim', asked: { claimAgain: { input: { at: blip.at + 1000 } } } });
    expect(pausing.when(answered('claimAgain')).asked['claim']?.input).toEqual(own);
    expect(claiming.when(failed('claim', fault)).output).toEqual({ outcome: 'failed', stage: 'claim', failure: fault });
    expect(pausing.when(failed('claimAgain', fault)).output).toEqual({ outcome: 'failed', stage: 'claim', failure: fault });
  });
});

describe('the submission', () => {
  it('never starts when the epoch does not', () => {
    expect(awaiting.when(failed('epochBegins', fault)).output).toEqual({ outcome: 'failed', stage: 'submit', failure: fault });
  });

  it('is rejected in the words of the node', () => {
    expect(submitting.when(failed('submitBlock', fault)).output).toEqual({ outcome: 'rejected', failure: fault });
  });

  it('is late when the chain went on', () => {
    expect(submitting.when(failed('submitBlock', tooLate)).output).toEqual({ outcome: 'late', stage: 'submit' });
  });

  it('goes out again with the same bytes a second after a failure that may pass', () => {
    const pausing = submitting.when(failed('submitBlock', blip));
    expect(pausing).toMatchObject({ state: 'pausingSubmit', asked: { submitAgain: { input: { at: blip.at + 1000 } } } });
    expect(pausing.when(answered('submitAgain')).asked).toEqual(submitting.asked);
    expect(pausing.when(failed('submitAgain', fault)).output).toEqual({ outcome: 'failed', stage: 'submit', failure: fault });
  });

  it('is tried once an epoch when the next epoch is there already: a chain may stand still until it has this block', () => {
    const at = deadlines.lastCall;
    expect(submitting.when(failed('submitBlock', { ...blip, at })).asked['submitAgain']?.input).toEqual({ at: at + 30_000 });
    expect(submitting.when(failed('submitBlock', { ...blip, at: at - 1 })).asked['submitAgain']?.input).toEqual({ at: at + 999 });
  });
});

describe('a block that a node took', () => {
  const again = looking.when(answered('getTipset', [cid(1)]));

  it('goes out once more when it does not show', () => {
    expect(again.state).toBe('submitting');
    expect(again.asked).toEqual(submitting.asked);
  });

  it('counts as mined after that, whatever is said of it', () => {
    const second = again.when(answered('submitBlock'), answered('settled'));
    expect(second.state).toBe('looking');
    expect(second.when(answered('getTipset', [])).output).toEqual(mined);
    expect(again.when(failed('submitBlock', fault)).output).toEqual(mined);
    expect(again.when(failed('submitBlock', tooLate)).output).toEqual(mined);
  });

  it('counts as mined when it cannot be looked for', () => {
    expect(settling.when(failed('settled', fault)).output).toEqual(mined);
    expect(looking.when(failed('getTipset', fault)).output).toEqual(mined);
  });
});
