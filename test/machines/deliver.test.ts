/**
 * Deliver: a bound block from its claim to the chain; nothing goes out that was not granted, and nothing that went out
 * is called late.
 */

import { describe, expect, it } from 'vitest';
import { deliverMachine } from '../../machines/deliver.ts';
import { answered, failed, given } from './given.ts';
import { base, baseLessLast, blip, bound, config, created, deadlines, epoch, fault, forgotten, messages, miner, others, standing, tooLate } from './round.ts';

const mined = { outcome: 'mined', cid: created.cid, winCount: 3 };
const sentAt = deadlines.submit + 40;
/** No wait for another try is longer than an epoch, whatever the clock said when the last one failed. */
const within = config.blockDelaySecs * 1000;
const taken = answered('submitBlock', { at: sentAt });

const claiming = given(deliverMachine, { config, bound, winCount: 3 });
const awaiting = claiming.when(answered('claim', { verdict: 'granted' }));
const submitting = awaiting.when(answered('epochBegins'));
const settling = submitting.when(taken);
const looking = settling.when(answered('settled'));

describe('a bound block', () => {
  it('is claimed, then waits for its epoch, then goes out', () => {
    expect(claiming.asked).toEqual({ claim: { name: 'claim', input: bound } });
    expect(awaiting.asked).toEqual({ epochBegins: { name: 'alarm', input: { at: deadlines.submit } } });
    const { cid, block } = created;
    expect(submitting.asked).toEqual({ submitBlock: { name: 'submitBlock', input: { miner, epoch, cid, block, base, by: deadlines.giveUp } } });
  });

  it('waits no longer than an epoch after a failure of an hour to come: the clock was ahead then, and is put right', () => {
    const ahead = { ...blip, at: deadlines.submit + 3_600_000 };
    for (const [id, waiting] of [
      ['claimAgain', claiming.when(failed('claim', ahead))],
      ['submitAgain', submitting.when(failed('submitBlock', ahead))],
      ['settled', submitting.when(answered('submitBlock', { at: ahead.at }))],
    ] as const)
      expect(waiting.asked[id]?.input).toMatchObject({ within: 30_000 });
  });

  it('is looked for once the others of its epoch are out, and mined when it stands there', () => {
    expect(settling.asked).toEqual({ settled: { name: 'alarm', input: { at: deadlines.giveUp, within } } });
    expect(looking.asked).toEqual({ getTipset: { name: 'getTipset', input: { height: epoch } } });
    expect(looking.when(answered('getTipset', standing)).output).toEqual({ ...mined, sentAt });
  });
});

describe('the claim', () => {
  it('is refused when another instance holds the epoch', () => {
    const conflict = claiming.when(answered('claim', { verdict: 'conflict', kind: 'double-fork', by: 'host-b' }));
    expect(conflict.output).toEqual({ outcome: 'refused', why: 'fence-conflict', detail: 'double-fork with host-b' });
  });

  it('is made again after a failure that may pass, and after one that may not: what is bound holds up its base until it is out', () => {
    for (const why of [blip, fault]) {
      const doubting = claiming.when(failed('claim', why));
      expect(doubting).toMatchObject({ state: 'doubting', asked: { claimAgain: { input: { at: why.at + 1000 } } } });
      expect(doubting.when(answered('claimAgain')).asked).toEqual(claiming.asked);
    }
    const doubting = claiming.when(failed('claim', blip));
    expect(doubting.when(failed('claimAgain', fault)).output).toEqual({ outcome: 'failed', stage: 'claim', failure: fault });
  });

  const late = { ...blip, at: deadlines.lastCall };
  const checking = claiming.when(failed('claim', late), answered('claimAgain'));

  it('that nobody answers is given up when the chain has gone on: a row that stays bound must not hold up a chain that has not', () => {
    expect(claiming.when(failed('claim', late)).asked['claimAgain']?.input).toEqual({ at: deadlines.submit + 60_000, within });
    expect(checking).toMatchObject({ state: 'checkingBase', asked: { getHead: { name: 'getHead' } } });
    expect(checking.when(answered('getHead', base)).asked).toEqual(claiming.asked);
    for (const head of [baseLessLast, { ...base, blocks: [...base.blocks].reverse() }, { ...base, height: base.height + 1 }])
      expect(checking.when(answered('getHead', head)).output).toMatchObject({ outcome: 'refused', why: 'fence-unknown' });
  });

  it('is made again while the node is behind, as one that was away for a moment: behind is not past', () => {
    expect(checking.when(answered('getHead', { ...baseLessLast, height: base.height - 1 })).asked).toEqual(claiming.asked);
  });

  it('that the fence could not take fails in its words when the chain has gone on', () => {
    const broken = { ...fault, at: deadlines.lastCall };
    const gone = claiming.when(failed('claim', broken), answered('claimAgain'), answered('getHead', baseLessLast));
    expect(gone.output).toEqual({ outcome: 'failed', stage: 'claim', failure: broken });
  });

  it('that would be made again at the last call, and not before it, asks first whether the chain waits', () => {
    const after = (at: number) => claiming.when(failed('claim', { ...blip, at }), answered('claimAgain')).state;
    expect([after(deadlines.lastCall - 1001), after(deadlines.lastCall - 1000)]).toEqual(['claiming', 'checkingBase']);
  });

  it('that could not be taken and was granted later is forgotten: a block that then comes late is late', () => {
    const granted = claiming.when(failed('claim', fault), answered('claimAgain'), answered('claim', { verdict: 'granted' }), answered('epochBegins'));
    const gone = granted.when(failed('submitBlock', tooLate), answered('getTipset', others));
    expect(gone.output).toEqual({ outcome: 'late', stage: 'submit' });
  });

  it('waits for a head, however often there is none', () => {
    for (const why of [late, { ...fault, at: deadlines.lastCall }])
      expect(checking.when(failed('getHead', why))).toMatchObject({ state: 'doubting', asked: { claimAgain: { input: { at: deadlines.submit + 60_000 } } } });
  });
});

describe('the submission', () => {
  it('never starts when the epoch does not', () => {
    expect(awaiting.when(failed('epochBegins', fault)).output).toEqual({ outcome: 'failed', stage: 'submit', failure: fault });
  });

  it('goes out again with the same bytes a second after a failure that may pass', () => {
    const pausing = submitting.when(failed('submitBlock', blip));
    expect(pausing).toMatchObject({ state: 'pausing', asked: { submitAgain: { input: { at: blip.at + 1000 } } } });
    expect(pausing.when(answered('submitAgain')).asked).toEqual(submitting.asked);
    expect(pausing.when(failed('submitAgain', fault)).output).toEqual({ outcome: 'failed', stage: 'submit', failure: fault });
  });

  it('is tried as each epoch begins when the next epoch is there already: a chain may stand still until it has this block', () => {
    const at = deadlines.lastCall;
    expect(submitting.when(failed('submitBlock', { ...blip, at })).asked['submitAgain']?.input).toEqual({ at: deadlines.submit + 60_000, within });
    expect(submitting.when(failed('submitBlock', { ...blip, at: at - 1 })).asked['submitAgain']?.input).toEqual({ at: at + 999, within });
  });

  it('is late when the chain went on, unless an earlier try is on it', () => {
    const output = { outcome: 'late', stage: 'submit' };
    const seeking = submitting.when(failed('submitBlock', blip), answered('submitAgain'), failed('submitBlock', tooLate));
    expect(seeking.asked).toEqual({ getTipset: { name: 'getTipset', input: { height: epoch } } });
    expect(seeking.when(answered('getTipset', standing)).output).toEqual(mined);
    expect(seeking.when(answered('getTipset', others)).output).toEqual(output);
    expect(seeking.when(failed('getTipset', blip)).output).toEqual(output);
    expect(submitting.when(failed('submitBlock', tooLate)).asked).toEqual(seeking.asked);
  });

  describe('to a node that has not its messages', () => {
    const pushing = submitting.when(failed('submitBlock', forgotten));

    it('pushes them, then goes out again, whatever its pool holds against them', () => {
      expect(pushing).toMatchObject({ state: 'pushing', asked: { pushMessages: { name: 'pushMessages', input: { messages } } } });
      for (const refused of [null, 'already in mpool']) expect(pushing.when(answered('pushMessages', { refused })).asked).toEqual(submitting.asked);
    });

    it('pushes them once a try: a node that keeps none is asked as the next epoch begins', () => {
      const seeking = pushing.when(answered('pushMessages', { refused: 'no' }), failed('submitBlock', forgotten));
      expect(seeking.asked).toEqual({ getTipset: { name: 'getTipset', input: { height: epoch } } });
      const waiting = seeking.when(answered('getTipset', others));
      expect(waiting.asked).toEqual({ submitAgain: { name: 'alarm', input: { at: deadlines.submit + 30_000, within } } });
      expect(waiting.when(answered('submitAgain'), failed('submitBlock', forgotten)).asked).toEqual(pushing.asked);
    });

    it('tries again a second after a push that may pass, and looks for it after one that may not', () => {
      expect(pushing.when(failed('pushMessages', blip))).toMatchObject({ state: 'pausing', asked: { submitAgain: { input: { at: blip.at + 1000 } } } });
      expect(pushing.when(failed('pushMessages', fault)).state).toBe('looking');
    });
  });

  describe('that the node refused', () => {
    const seeking = submitting.when(failed('submitBlock', fault));
    const rejected = { outcome: 'rejected', failure: fault };

    it('goes out again when the next epoch is there, for the chain may stand still without it', () => {
      expect(seeking.asked).toEqual({ getTipset: { name: 'getTipset', input: { height: epoch } } });
      expect(seeking.when(answered('getTipset', standing)).output).toEqual(mined);
      for (const unseen of [answered('getTipset', others), failed('getTipset', blip)]) {
        const waiting = seeking.when(unseen);
        expect(waiting.asked).toEqual({ submitAgain: { name: 'alarm', input: { at: deadlines.submit + 30_000, within } } });
        expect(waiting.when(answered('submitAgain')).asked).toEqual(submitting.asked);
      }
    });

    it('is rejected at once when it was our own disk that refused it', () => {
      const unbound = { ...fault, code: 'SUBMIT_NOT_BOUND' };
      expect(submitting.when(failed('submitBlock', unbound), answered('getTipset', others)).output).toEqual({ outcome: 'rejected', failure: unbound });
    });

    it('is rejected in the words of the node once the chain has gone on', () => {
      const gone = seeking.when(answered('getTipset', others), answered('submitAgain'), failed('submitBlock', tooLate));
      expect(gone.when(answered('getTipset', standing)).output).toEqual(mined);
      expect(gone.when(answered('getTipset', others)).output).toEqual(rejected);
    });

    it('is tried once an epoch for as long as the chain stands on its base: a block given up after so many tries held up a chain of one miner for ever', () => {
      let at = deadlines.submit;
      let trying = submitting;
      for (let i = 0; i < 40; i++) {
        const waiting = trying.when(failed('submitBlock', { ...fault, at }), answered('getTipset', others));
        const next = deadlines.submit + (i + 1) * 30_000;
        expect(waiting.asked['submitAgain']?.input).toEqual({ at: next, within });
        trying = waiting.when(answered('submitAgain'));
        at = next + 100;
      }
      expect(trying.when(failed('submitBlock', tooLate), answered('getTipset', others)).output).toMatchObject({
        outcome: 'rejected',
        failure: { code: fault.code },
      });
    });
  });
});

describe('a block that a node took', () => {
  const again = looking.when(answered('getTipset', others), answered('submitAgain'));

  it('goes out again when it does not show, or cannot be looked for', () => {
    for (const unseen of [answered('getTipset', others), failed('getTipset', fault)]) {
      const waiting = looking.when(unseen);
      expect(waiting.asked).toEqual({ submitAgain: { name: 'alarm', input: { at: deadlines.giveUp, within } } });
      expect(waiting.when(answered('submitAgain')).asked).toEqual(submitting.asked);
    }
  });

  it('is looked for again and again while the chain stands on its base, each time a propagation delay after it was sent', () => {
    let at = deadlines.giveUp + 200;
    let sent = again.when(answered('submitBlock', { at }));
    for (let i = 1; i < 20; i++) {
      expect(sent.asked).toEqual({ settled: { name: 'alarm', input: { at: at + deadlines.giveUp - deadlines.submit, within } } });
      at += 12_000;
      sent = sent.when(answered('settled'), answered('getTipset', others), answered('submitAgain'), answered('submitBlock', { at }));
    }
  });

  it('counts as mined once the chain has gone on, whatever is said of it, since it was first taken', () => {
    const output = { ...mined, sentAt };
    expect(again.when(failed('submitBlock', tooLate), answered('getTipset', others)).output).toEqual(output);
    expect(again.when(failed('submitBlock', tooLate), failed('getTipset', fault)).output).toEqual(output);
    const refused = again.when(failed('submitBlock', fault), answered('getTipset', others), answered('submitAgain'));
    expect(refused.when(failed('submitBlock', tooLate), answered('getTipset', others)).output).toEqual(output);
  });

  it('was sent when a node first took it, however often it went out after that', () => {
    const later = again.when(answered('submitBlock', { at: sentAt + 12_000 }), answered('settled'));
    expect(later.when(answered('getTipset', standing)).output).toEqual({ ...mined, sentAt });
  });

  it('counts as mined when it cannot be waited for', () => {
    expect(settling.when(failed('settled', fault)).output).toEqual({ ...mined, sentAt });
  });
});
