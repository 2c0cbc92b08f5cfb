/** Epoch: the steps in their order, each outcome of each step, ticket and proof side by side. */

import { describe, expect, it } from 'vitest';
import { epochMachine } from '../../machines/epoch.ts';
import { answered, given } from './given.ts';
import { base, baseLessFirst, baseLessLast, config, deadlines, epoch, fault, info, messages, miner, otherVrf, proofs, vrf } from './round.ts';

/** The base before it, and what is told of the miner there: the same but for the entry of the null round. */
const lower = { ...base, height: base.height - 1 };
const onNullRound = { ...info, beacon: { ...info.beacon, entries: [{ round: 1n, data: vrf }, ...info.beacon.entries] } };
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
    expect(awaiting.asked['base-wait']).toEqual({ name: 'baseWait', input: { miner, epoch, deadlines, base: null } });
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

describe('a base that is the chain’s no more', () => {
  const onLower = awaiting.when(answered('base-wait', { outcome: 'base', base: lower, info: onNullRound }));
  const lowerSelecting = onLower.when(answered('election', won), answered('ticket', drawn), answered('prove', proved));
  const rebasing = lowerSelecting.when(answered('select', { outcome: 'moved', head: base }));
  const anew = { outcome: 'base', base, info };

  it('is left for the higher head that select saw, beginning with that', () => {
    expect(rebasing).toMatchObject({ state: 'rebasing', open: ['rebase'] });
    expect(rebasing.asked).toEqual({ rebase: { name: 'baseWait', input: { miner, epoch, deadlines, base } } });
  });

  it('is left for the higher head that came while the block was made', () => {
    const made = lowerSelecting.when(answered('select', { ...selected, base: lower }), answered('create', { outcome: 'moved', head: base }));
    expect(made.asked).toEqual(rebasing.asked);
  });

  it('takes election and proof along where power, beacon and sectors are equal: only the ticket is drawn again, and the entries are those of the new base', () => {
    const redrawing = rebasing.when(answered('rebase', anew));
    expect(redrawing.asked).toEqual({ redraw: { name: 'ticket', input: { miner, epoch, config, deadlines, info, base } } });
    const again = redrawing.when(answered('redraw', { outcome: 'drawn', ticket: otherVrf }));
    expect(again.asked['select']?.input).toEqual({ miner, epoch, config, deadlines, info, base, ticket: otherVrf });
    const { asked } = again.when(answered('select', { outcome: 'selected', base, ticket: otherVrf, messages }));
    expect(asked['create']?.input).toMatchObject({ base, info, ticket: otherVrf, proofs, electionProof: otherVrf, winCount: 3 });
  });

  it.for([
    ['power', { power: 1n }],
    ['network power', { networkPower: 2n }],
    ['beacon', { beacon: { ...info.beacon, entries: [{ round: 2n, data: vrf }] } }],
    ['sectors', { sectors: [] }],
    ['sector', { sectors: info.sectors.map((sector) => ({ ...sector, number: 8n })) }],
    ['sector size', { sectorSize: 4096n }],
    ['worker', { workerKey: 'f3other' }],
  ] as const)('runs the election again, and proves again, where the %s is another', ([, change]) => {
    const other = { ...info, ...change };
    const electingAgain = rebasing.when(answered('rebase', { ...anew, info: other }));
    expect(electingAgain.asked).toEqual({ election: { name: 'election', input: { miner, epoch, deadlines, info: other } } });
    expect(electingAgain.when(answered('election', won)).open).toEqual(expect.arrayContaining(['ticket', 'prove']));
  });

  it('ends the epoch where there is no other, or no ticket on it', () => {
    const late = { outcome: 'late', stage: 'base-info' };
    expect(rebasing.when(answered('rebase', late)).output).toEqual(late);
    const undrawn = rebasing.when(answered('rebase', anew), answered('redraw', { outcome: 'failed', failure: fault }));
    expect(undrawn.output).toEqual({ outcome: 'failed', stage: 'ticket', failure: fault });
  });

  it('loses the blocks that the head lost while the block was made, and with the least ticket its own', () => {
    const on = (head: typeof base) => selecting.when(answered('select', { ...selected, base }), answered('create', { outcome: 'moved', head }));
    expect(on(baseLessLast)).toMatchObject({ state: 'selecting', asked: { select: { input: { base: baseLessLast, ticket: otherVrf } } } });
    expect(on(baseLessFirst)).toMatchObject({ state: 'redrawing', asked: { redraw: { input: { base: baseLessFirst } } } });
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
