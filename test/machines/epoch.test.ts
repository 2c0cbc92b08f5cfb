/** Epoch: the steps in their order, each outcome of each step, ticket and proof side by side. */

import { describe, expect, it } from 'vitest';
import { epochMachine } from '../../machines/epoch.ts';
import { answered, given } from './given.ts';
import { base, baseLessFirst, config, deadlines, epoch, fault, info, messages, miner, otherVrf, proofs, vrf } from './round.ts';

const won = { outcome: 'won', winCount: 3, vrfProof: otherVrf };
const drawn = { outcome: 'drawn', ticket: vrf };
const proved = { outcome: 'proved', proofs };
const selected = { outcome: 'selected', base: baseLessFirst, ticket: otherVrf, messages };

const awaiting = given(epochMachine, { miner, epoch, config });
const electing = awaiting.when(answered('base-wait', { outcome: 'base', base, info }));
const preparing = electing.when(answered('election', won));
const selecting = preparing.when(answered('ticket', drawn), answered('prove', proved));
const creating = selecting.when(answered('select', selected));

describe('an epoch', () => {
  it('waits for its base, with its deadlines fixed', () => {
    expect(awaiting).toMatchObject({ state: 'awaitingBase', open: ['base-wait'] });
    expect(awaiting.asked['base-wait']).toEqual({ name: 'baseWait', input: { miner, epoch, deadlines } });
  });

  it('gives up when its configuration says so', () => {
    const patient = given(epochMachine, { miner, epoch, config: { ...config, giveUpSecs: 25 } });
    expect(patient.asked['base-wait']?.input).toMatchObject({
      deadlines: { ...deadlines, giveUp: deadlines.submit + 25_000, lastCall: deadlines.submit + 55_000 },
    });
  });

  it('runs the election before it draws a ticket: a lost one costs one signature', () => {
    expect(electing).toMatchObject({ state: 'electing', open: ['election'] });
    expect(electing.asked['election']).toEqual({ name: 'election', input: { miner, epoch, deadlines, info } });
  });

  it('draws the ticket and proves side by side', () => {
    expect(preparing.state).toBe('preparing.(proof.proving, ticket.drawing)');
    expect(preparing.asked['ticket']).toEqual({ name: 'ticket', input: { miner, epoch, config, deadlines, info, base } });
    expect(preparing.asked['prove']).toEqual({ name: 'prove', input: { miner, epoch, deadlines, info } });
  });

  it.for([
    ['ticket first', [answered('ticket', drawn), answered('prove', proved)], 'preparing.(proof.proving, ticket.drawn)'],
    ['proof first', [answered('prove', proved), answered('ticket', drawn)], 'preparing.(proof.proved, ticket.drawing)'],
  ] as const)('selects when both are there, %s', ([, [first, second], between]) => {
    const half = preparing.when(first);
    expect(half).toMatchObject({ state: between, asked: {} });
    const both = half.when(second);
    expect(both.state).toBe('selecting');
    expect(both.asked['select']).toEqual({ name: 'select', input: { miner, epoch, config, deadlines, info, base, ticket: vrf } });
  });

  it('creates with what was selected, not with what was there before', () => {
    const input = { miner, epoch, config, deadlines, info, base: baseLessFirst, ticket: otherVrf, winCount: 3, electionProof: otherVrf, proofs, messages };
    expect(creating.asked).toEqual({ create: { name: 'create', input } });
  });
});

describe('its outcome', () => {
  it.for([
    ['base-wait', awaiting, { outcome: 'ineligible', reason: 'fee-debt' }, {}],
    ['base-wait', awaiting, { outcome: 'late', stage: 'beacon' }, {}],
    ['base-wait', awaiting, { outcome: 'failed', stage: 'base-info', failure: fault }, {}],
    ['election', electing, { outcome: 'lost', lambda: 1n, digest: 3n, missedBy: 2n }, {}],
    ['election', electing, { outcome: 'failed', failure: fault }, { stage: 'election' }],
    ['ticket', preparing, { outcome: 'failed', failure: fault }, { stage: 'ticket' }],
    ['prove', preparing, { outcome: 'failed', failure: fault }, { stage: 'prove' }],
    ['prove', preparing, { outcome: 'late' }, { stage: 'prove' }],
    ['select', selecting, { outcome: 'late', stage: 'select' }, {}],
    ['select', selecting, { outcome: 'failed', stage: 'ticket', failure: fault }, {}],
    ['create', creating, { outcome: 'observed', winCount: 3 }, {}],
    ['create', creating, { outcome: 'mined', cid: vrf, winCount: 3 }, {}],
    ['create', creating, { outcome: 'refused', why: 'double-fork', detail: 'x' }, {}],
  ] as const)('of %s, %#', ([id, at, output, named]) => {
    const ended = at.when(answered(id, output));
    expect(ended).toMatchObject({ state: 'done', open: [], asked: {} });
    expect(ended.output).toEqual({ ...output, ...named });
  });

  it('ends the ticket when the proof fails after it, and the proof when the ticket does', () => {
    expect(preparing.when(answered('ticket', drawn), answered('prove', { outcome: 'late' })).output).toEqual({ outcome: 'late', stage: 'prove' });
    expect(preparing.when(answered('prove', proved), answered('ticket', { outcome: 'failed', failure: fault })).output).toMatchObject({ stage: 'ticket' });
  });
});
