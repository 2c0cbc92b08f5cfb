/**
 * Select: the base once more at the cut-off (FRC-0051), a new ticket when its least one changed, then messages or none.
 */

import { describe, expect, it } from 'vitest';
import { NO_MESSAGES, selectMachine } from '../../machines/select.ts';
import { qualityOf } from '../../src/mining/round.ts';
import { answered, failed, given } from './given.ts';
import { base, baseLessFirst, baseLessLast, blip, cid, config, deadlines, epoch, fault, headTooHigh, info, messages, miner, otherVrf, vrf } from './round.ts';

const waiting = given(selectMachine, { miner, epoch, config, deadlines, info, base, ticket: vrf });
const refreshing = waiting.when(answered('cutoff'));
const selecting = refreshing.when(answered('getHead', base));
const redrawing = refreshing.when(answered('getHead', baseLessFirst));

describe('the base', () => {
  it('is looked at once more at the equivocation cut-off', () => {
    expect(waiting.asked).toEqual({ cutoff: { name: 'alarm', input: { at: deadlines.cutoff } } });
    expect(refreshing.asked).toEqual({
      refreshBy: { name: 'alarm', input: { at: deadlines.giveUp } },
      getHead: { name: 'getHead', input: { miner, epoch, by: deadlines.submit } },
    });
  });

  it('stays what it is when the head is the same', () => {
    expect(selecting.asked['getMessages']).toEqual({ name: 'getMessages', input: { base, epoch, quality: qualityOf(vrf) } });
  });

  it('loses the blocks that the head lost, and keeps the ticket while the least one is still there', () => {
    const less = refreshing.when(answered('getHead', baseLessLast));
    expect(less.state).toBe('selecting');
    expect(less.when(answered('getMessages', messages)).output).toEqual({ outcome: 'selected', base: baseLessLast, ticket: vrf, messages });
  });

  it.for([
    ['of a lower height', { ...baseLessFirst, height: base.height - 1 }],
    ['with more blocks', { ...base, blocks: [...base.blocks, { cid: cid(3), ticket: vrf }] }],
    ['on other parents', { ...baseLessFirst, parents: cid(8) }],
    ['with none of its blocks', { ...base, blocks: [{ cid: cid(3), ticket: vrf }] }],
  ] as const)('stays what it was when the head is one %s', ([, head]) => {
    expect(refreshing.when(answered('getHead', head)).asked['getMessages']?.input).toMatchObject({ base });
  });

  it('is handed back for a higher head', () => {
    const lower = given(selectMachine, { miner, epoch, config, deadlines, info, base: { ...base, height: base.height - 1 }, ticket: vrf });
    expect(lower.when(answered('cutoff'), answered('getHead', base)).output).toEqual({ outcome: 'moved', head: base });
  });

  it('is of no use when the epoch has our block, or is over', () => {
    for (const event of [answered('getHead', headTooHigh), answered('refreshBy')])
      expect(refreshing.when(event).output).toEqual({ outcome: 'late', stage: 'select' });
  });

  it.for([failed('getHead', blip), failed('getHead', fault), failed('refreshBy', fault)])('stays what it was without a head in time: $kind $id', (event) => {
    expect(refreshing.when(event).asked['getMessages']?.input).toMatchObject({ base });
  });

  it('fails with its alarm', () => {
    expect(waiting.when(failed('cutoff', fault)).output).toEqual({ outcome: 'failed', stage: 'select', failure: fault });
  });
});

describe('a base that lost its least ticket', () => {
  it('asks for another ticket on what is left, until the give-up', () => {
    expect(redrawing.asked).toEqual({
      redrawBy: { name: 'alarm', input: { at: deadlines.giveUp } },
      ticket: { name: 'ticket', input: { miner, epoch, config, deadlines, info, base: baseLessFirst } },
    });
    expect(redrawing.stepped.requests.map(({ id, kind }) => [id, kind])).toEqual([
      ['redrawBy', 'effect'],
      ['ticket', 'child'],
    ]);
  });

  it('is selected with the ticket drawn on it, whose quality chooses the messages', () => {
    const drawn = redrawing.when(answered('ticket', { outcome: 'drawn', ticket: otherVrf }));
    expect(drawn.asked['getMessages']?.input).toEqual({ base: baseLessFirst, epoch, quality: qualityOf(otherVrf) });
    expect(drawn.when(answered('getMessages', messages)).output).toEqual({ outcome: 'selected', base: baseLessFirst, ticket: otherVrf, messages });
  });

  it('is late at the give-up, and fails with the ticket or the alarm', () => {
    expect(redrawing.when(answered('redrawBy')).output).toEqual({ outcome: 'late', stage: 'select' });
    expect(redrawing.when(answered('ticket', { outcome: 'failed', failure: fault })).output).toEqual({ outcome: 'failed', stage: 'ticket', failure: fault });
    expect(redrawing.when(failed('redrawBy', fault)).output).toEqual({ outcome: 'failed', stage: 'select', failure: fault });
  });
});

describe('the messages', () => {
  it('are those that the node selects', () => {
    expect(selecting.when(answered('getMessages', messages)).output).toEqual({ outcome: 'selected', base, ticket: vrf, messages });
  });

  it.for([answered('selectBy'), failed('selectBy', fault), failed('getMessages', blip), failed('getMessages', fault)])(
    'are none without an answer in time: $kind $id',
    (event) => {
      expect(selecting.asked['selectBy']?.input).toEqual({ at: deadlines.submit });
      expect(selecting.when(event).output).toEqual({ outcome: 'selected', base, ticket: vrf, messages: NO_MESSAGES });
    },
  );
});
