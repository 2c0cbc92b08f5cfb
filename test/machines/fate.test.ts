/** Fate: what became of a mined block, five epochs on and when it is final. */

import { describe, expect, it } from 'vitest';
import { fateMachine } from '../../machines/fate.ts';
import { answered, failed, given } from './given.ts';
import { base, baseLessLast, cid, config, created, deadlines, epoch, fault, miner, nullRound, others, standing } from './round.ts';

const input = { miner, epoch, config, base, cid: created.cid, sentAt: deadlines.submit };
const waiting = given(fateMachine, input);
const looking = waiting.when(answered('early'));
const awaiting = looking.when(answered('lookEarly', standing));
const deciding = awaiting.when(answered('final'));

const block = config.blockDelaySecs * 1000;
/** No answer, so many epochs after the block's. */
const silence = (after: number) => ({ ...fault, at: deadlines.submit + after * block });

describe('fate', () => {
  it('looks at the height of the block five epochs on, and nine hundred', () => {
    expect(waiting.asked).toEqual({ early: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 5)) * 1000 } } });
    expect(looking.asked).toEqual({ lookEarly: { name: 'getTipset', input: { height: epoch } } });
    expect(awaiting.asked).toEqual({ final: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 900)) * 1000 } } });
    expect(deciding.asked).toEqual({ lookFinal: { name: 'getTipset', input: { height: epoch, reached: epoch + 895 } } });
  });

  it('is included when the block stands there at last, whatever was seen early', () => {
    expect(deciding.when(answered('lookFinal', standing)).output).toEqual({ fate: 'included' });
    expect(looking.when(answered('lookEarly', others), answered('final'), answered('lookFinal', standing)).output).toEqual({ fate: 'included' });
  });

  it('is asked again when the node has no answer: each epoch until ten after the block, every thirty until another finality is over', () => {
    const pausing = looking.when(failed('lookEarly', silence(5)));
    expect(pausing).toMatchObject({ state: 'pausing', asked: { lookAgain: { name: 'alarm', input: { at: deadlines.submit + 6 * block, within: block } } } });
    expect(pausing.when(answered('lookAgain'), answered('lookEarly', standing)).state).toBe('awaitingFinality');
    expect(looking.when(failed('lookEarly', silence(10))).state).toBe('awaitingFinality');
    const doubting = deciding.when(failed('lookFinal', silence(901)));
    expect(doubting.asked).toEqual({ decideAgain: { name: 'alarm', input: { at: deadlines.submit + 931 * block, within: 30 * block } } });
    expect(doubting.when(answered('decideAgain'), failed('lookFinal', silence(1799)), answered('decideAgain'), answered('lookFinal', standing)).output).toEqual(
      {
        fate: 'included',
      },
    );
  });

  it('is unknown when nobody tells at last, whatever was seen early', () => {
    for (const at of [deciding, looking.when(answered('lookEarly', others), answered('final'))])
      expect(at.when(failed('lookFinal', silence(1800))).output).toEqual({ fate: 'unknown', failure: silence(1800) });
  });

  it('is unknown when an alarm fails', () => {
    const unknown = { fate: 'unknown', failure: fault };
    expect(waiting.when(failed('early', fault)).output).toEqual(unknown);
    expect(awaiting.when(failed('final', fault)).output).toEqual(unknown);
    expect(looking.when(failed('lookEarly', fault), failed('lookAgain', fault)).output).toEqual(unknown);
    expect(deciding.when(failed('lookFinal', fault), failed('decideAgain', fault)).output).toEqual(unknown);
  });
});

describe('an orphan, with both tipsets', () => {
  const late = { ...input, sentAt: deadlines.giveUp + 1 };
  const ours = { ...others, blocks: [{ cid: cid(1), miner }] };
  const onOther = { ...others, parents: cid(5) };
  it.for([
    ['not-seen', input, null, others],
    ['not-seen', input, null, nullRound],
    ['base-differs', input, null, onOther],
    ['base-differs', input, null, { ...nullRound, blocks: nullRound.blocks.slice(1) }],
    ['base-differs', { ...input, base: baseLessLast }, null, others],
    ['late-broadcast', late, null, others],
    ['late-broadcast', late, null, onOther],
    ['lighter-tipset', late, standing, onOther],
    ['equivocation', late, standing, ours],
    ['not-seen', { ...input, sentAt: null }, others, others],
  ] as const)('is one for %s', ([why, own, early, instead]) => {
    const looked = given(fateMachine, own).when(answered('early'));
    const seen = looked.when(early === null ? failed('lookEarly', silence(10)) : answered('lookEarly', early), answered('final'));
    expect(seen.when(answered('lookFinal', instead)).output).toEqual({ fate: 'orphaned', why, base: own.base, instead });
  });
});
