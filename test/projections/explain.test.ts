/**
 * `explain` on each outcome and each reason, as a golden text. The records are made by the real machines in the real
 * runtime; only the world is scripted.
 */

import { describe, expect, it } from 'vitest';
import { PortError } from '../../src/errors/port-error.ts';
import { explain } from '../../src/projections/explain.ts';
import * as round from '../machines/round.ts';
import { type Script, told } from './fixtures/told.ts';

const failure = (code: string, message: string, retryable = false) => new PortError(code, message, { retryable });
const away = failure('NODE_UNREACHABLE', 'connection refused', true);
const ineligible = (reason: string): Script => ({ answers: { getMiningBaseInfo: { value: { ...round.info, eligible: false, reason } } } });
const keys = round.base.blocks.map(({ cid }) => cid);
const other = round.cid(77);
/** The block stands where it was looked for, and what there is five epochs on, and at last. */
const fated = (early: unknown, last: unknown, fate: 5 | 900 = 900, more: Script['answers'] = {}): Script => ({
  answers: { getTipset: [{ value: round.standing }, { value: early }, { value: last }], ...more },
  fate,
});
const onOther = { ...round.others, parents: other };

const stories: Readonly<Record<string, Script>> = {
  mined: {},
  'mined, slowly': { answers: { createBlock: { value: round.created, takes: 21 } } },
  'mined, no messages in time': { answers: { getMessages: { value: round.messages, takes: 60 } } },
  'mined, no later head in time': {
    answers: {
      getHead: [
        { value: round.base },
        { value: round.base },
        { fails: failure('NO_ANSWER', 'getHead was not answered within 18 s', true), takes: 17.738 },
        { value: round.base },
      ],
    },
  },
  'not over yet, it waits for the proof': { answers: { proveWinningPost: { value: round.proofs, takes: 60 } }, toldAfter: 5 },
  'not over yet, it waits for the block': {
    answers: { getMessages: { value: round.messages, takes: 60 }, createBlock: { value: round.created, takes: 25 } },
    toldAfter: 22,
  },
  observed: { config: round.observing },
  'observed, on the chain': { config: round.observing, observed: { standing: round.standing } },
  'observed, another on the chain': { config: round.observing, observed: { standing: round.standing, differs: ['parents', 'ticket'] } },
  'observed, not on the chain: base-differs': { config: round.observing, observed: { standing: onOther } },
  'observed, not on the chain: not-seen': { config: round.observing, observed: { standing: round.others } },
  'observed, not on the chain: a null round': { config: round.observing, observed: { standing: round.nullRound } },
  'lost, and on the chain': {
    config: round.observing,
    answers: { getMiningBaseInfo: { value: round.powerless } },
    observed: { standing: round.standing },
  },
  lost: { answers: { getMiningBaseInfo: { value: { ...round.info, networkPower: round.info.power * 100n } } } },
  'lost without power': { answers: { getMiningBaseInfo: { value: round.powerless } } },
  'ineligible: miner-not-found': ineligible('miner-not-found'),
  'ineligible: no-power-at-lookback': ineligible('no-power-at-lookback'),
  'ineligible: no active sectors': { answers: { getMiningBaseInfo: { value: null } } },
  'ineligible: below-minimum-power': ineligible('below-minimum-power'),
  'ineligible: fee-debt': { answers: { getMiningBaseInfo: { value: round.inDebt } } },
  'ineligible: consensus-fault': ineligible('consensus-fault'),
  'ineligible: unknown': { answers: { getMiningBaseInfo: { value: { ...round.info, eligible: false } } } },
  'late: base, the node is away': { answers: { getHead: { fails: away } } },
  'late: base, begun too late': { answers: { getHead: { value: round.headTooHigh } }, begins: 60 },
  'late: beacon, refused again and again': { answers: { getBeaconEntry: { fails: away } } },
  'late: base-info': { answers: { getMiningBaseInfo: { value: round.info, takes: 45 } } },
  'late: prove, the beacon was slow': {
    answers: { getBeaconEntry: { value: round.info.beacon.entries[0], takes: 28.5 }, proveWinningPost: { value: round.proofs, takes: 1.5 } },
  },
  'failed: the signer is late, the beacon was slow': {
    answers: { getBeaconEntry: { value: round.info.beacon.entries[0], takes: 29 }, signVrf: { value: round.vrf, takes: 2 } },
  },
  'late: base-info, begun late': { answers: { getMiningBaseInfo: { value: round.info, takes: 7 } }, begins: 25 },
  'late: create, the proof was slow': {
    answers: { proveWinningPost: { value: round.proofs, takes: 26 }, createBlock: { value: round.created, takes: 4 } },
  },
  'late: create, the beacon was slow and in time for the cut-off': {
    answers: {
      getBeaconEntry: { value: round.info.beacon.entries[0], takes: 1.2 },
      proveWinningPost: { value: round.proofs, takes: 0.2 },
      createBlock: { value: round.created, takes: 30 },
      getMiningBaseInfo: { value: round.info, takes: 0.1 },
    },
  },
  'late: submit, the beacon was slow and the block ready in time': {
    answers: {
      getBeaconEntry: { value: round.info.beacon.entries[0], takes: 15 },
      submitBlock: [...Array.from({ length: 12 }, () => ({ fails: away })), { fails: failure('TOO_LATE', 'the chain went on') }],
      getTipset: { value: round.others },
    },
  },
  'late: prove': { answers: { proveWinningPost: { value: round.proofs, takes: 90 } } },
  'late: select': {
    answers: {
      getHead: [{ value: round.base }, { value: round.base }, { value: round.baseLessFirst }],
      signVrf: [{ value: round.vrf }, { value: round.vrf }, { value: round.vrf, takes: 60 }],
    },
  },
  'late: create': { answers: { createBlock: { value: round.created, takes: 40 } } },
  'late: submit': { answers: { submitBlock: { fails: failure('TOO_LATE', 'the chain went on') }, getTipset: { value: round.others } } },
  'refused: double-fork': { bound: { cid: other, epoch: round.epoch, parents: [round.cid(8)] } },
  'refused: time-offset': { bound: { cid: other, epoch: round.epoch - 5, parents: keys } },
  'refused: parent-grinding': { bound: { cid: other, epoch: round.base.height, parents: [round.cid(8)] } },
  'refused: fence-conflict': { answers: { claim: { value: { verdict: 'conflict', kind: 'double-fork', by: 'a block of another instance' } } } },
  'refused: fence-unknown': {
    answers: {
      claim: { fails: failure('FENCE_UNKNOWN', 'no word', true) },
      getHead: [...Array.from({ length: 4 }, () => ({ value: round.base })), { value: round.baseLessLast }],
    },
  },
  'refused: invalid': { answers: { createBlock: { value: { ...round.created, mismatch: "the block's ticket is not the template's" } } } },
  rejected: {
    answers: {
      submitBlock: [{ fails: failure('NODE_REFUSED', 'block was not signed by the worker') }, { fails: failure('TOO_LATE', 'the chain went on') }],
      getTipset: { value: round.others },
    },
  },
  'failed: a key that nobody holds': { answers: { signVrf: { fails: failure('SIGNER_KEY_MISSING', 'the key is not held here') } } },
  stopped: { stopAfter: 2 },
  poisoned: { answers: { signVrf: { value: 'no bytes' } } },
  'abandoned: upgraded': { upgradeAfter: 2 },
  'abandoned: upgraded, its block sent': { upgradeAfter: 15, fate: 5 },
  'mined, not looked at yet': { ...fated(round.standing, round.standing, 5), answers: { getTipset: [{ value: round.standing }, { fails: away }] } },
  'mined, on the chain so far': fated(round.standing, round.standing, 5),
  'mined, included': fated(round.standing, round.standing),
  'orphaned: late-broadcast': fated(round.others, round.others, 900, {
    createBlock: { value: round.created, takes: 21 },
    submitBlock: { value: { at: round.deadlines.giveUp + 1500 } },
  }),
  'orphaned: base-differs': { ...fated(onOther, onOther), news: { after: 14, head: { ...round.base, blocks: [...round.base.blocks, round.base.blocks[0]] } } },
  'orphaned: base-differs, a null round': fated(round.nullRound, { ...round.nullRound, blocks: round.nullRound.blocks.slice(1) }),
  'orphaned: lighter-tipset': fated(round.standing, onOther),
  'orphaned: equivocation': fated(round.others, { ...round.others, blocks: [{ cid: other, miner: round.miner }] }),
  'orphaned: not-seen': fated(round.others, round.others),
  'orphaned: not-seen, as it is so far': fated(round.others, round.others, 5),
  'fate unknown': { answers: { getTipset: [{ value: round.standing }, { fails: away }] }, fate: 1830 },
  'fate unknown, though it was there': { answers: { getTipset: [{ value: round.standing }, { value: round.standing }, { fails: away }] }, fate: 1830 },
};

describe('explain', () => {
  it.for(Object.entries(stories))('%s', async ([name, script]) => {
    const text = await told(script);
    expect(text.split('\n')[0]).toContain(`${round.miner}, epoch ${round.epoch} of test: `);
    await expect(text).toMatchFileSnapshot(`goldens/${name.replaceAll(/[^a-z]+/g, '-')}.txt`);
  });

  it('says nothing of what is no epoch', () => {
    expect(explain([])).toEqual([]);
  });
});
