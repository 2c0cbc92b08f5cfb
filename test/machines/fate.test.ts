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

describe('fate', () => {
  it('looks at the height of the block five epochs on, and nine hundred', () => {
    expect(waiting.asked).toEqual({ early: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 5)) * 1000 } } });
    expect(looking.asked).toEqual({ lookEarly: { name: 'getTipset', input: { height: epoch } } });
    expect(awaiting.asked).toEqual({ final: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 900)) * 1000 } } });
    expect(deciding.asked).toEqual({ lookFinal: { name: 'getTipset', input: { height: epoch } } });
  });

  it('is included when the block stands there at last, whatever was seen early', () => {
    expect(deciding.when(answered('lookFinal', standing)).output).toEqual({ fate: 'included' });
    expect(looking.when(answered('lookEarly', others), answered('final'), answered('lookFinal', standing)).output).toEqual({ fate: 'included' });
  });

  it('is what was seen early when it cannot be looked for at last', () => {
    expect(deciding.when(failed('lookFinal', fault)).output).toEqual({ fate: 'included' });
    const orphaned = { fate: 'orphaned', why: 'not-seen', base, instead: others };
    expect(looking.when(answered('lookEarly', others), failed('final', fault)).output).toEqual(orphaned);
  });

  it('is unknown when nothing was ever seen', () => {
    const unknown = { fate: 'unknown', failure: fault };
    expect(waiting.when(failed('early', fault)).output).toEqual(unknown);
    const blind = looking.when(failed('lookEarly', fault));
    expect(blind.state).toBe('awaitingFinality');
    expect(blind.when(answered('final'), failed('lookFinal', fault)).output).toEqual(unknown);
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
    const seen = given(fateMachine, own).when(answered('early'), early === null ? failed('lookEarly', fault) : answered('lookEarly', early), answered('final'));
    expect(seen.when(answered('lookFinal', instead)).output).toEqual({ fate: 'orphaned', why, base: own.base, instead });
  });
});
