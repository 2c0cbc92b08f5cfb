/** Checks of who may mine and how often it won (docs/protocol.md 2.4, 2.13 and 2.16, concurrent checks 1, 2 and 5). */

import { idOf, PROTOCOL_ID } from '../../chain/address.ts';
import { readMiner } from '../../chain/state/miner.ts';
import { claimOf, readPower } from '../../chain/state/power.ts';
import { minTicket } from '../../chain/tipset.ts';
import { computeWinCount } from '../election.ts';
import { meetsConsensusMinimum, minersAskedFrom, STANDING_FROM_VERSION, standingFault } from '../eligibility.ts';
import { randomnessBase } from '../randomness.ts';
import { electionVrfInput, ticketVrfInput } from '../vrf.ts';
import { bySignature, type Candidate } from './candidate.ts';
import type { Check } from './check.ts';
import { insteadOf, type Round, type RuleState } from './round.ts';
import { givenState, OK, same, wrong } from './verdict.ts';

export const claim: Check = {
  name: 'claim',
  rule: 'the miner has a claim of power in the state before the base, and a lookback tipset',
  run(candidate, round) {
    if (!round.hasLookback) return wrong('a lookback tipset', `more null rounds than the lookback (base ${round.base.height}, epoch ${round.epoch})`);
    const state = round.baseState();
    const found = claimIn(state, candidate);
    return givenState(found === null ? wrong('a claim', 'none') : OK, insteadOf('power', state));
  },
};

export const minimumPower: Check = {
  name: 'minimum-power',
  rule: 'the miner meets the consensus minimum before the lookback tipset',
  run(candidate, round) {
    const state = round.minimumState();
    if (state === null) return wrong('a lookback tipset', 'none');
    const power = readPower(state.tree);
    const found = claimIn(state, candidate);
    const minimum = { minimum: round.params.consensusMinerMinPower, minersAbove: power.minerAboveMinPowerCount, actorsVersion: power.actorsVersion };
    const meets = found !== null && meetsConsensusMinimum(found, minimum);
    const kind = power.actorsVersion === 0 ? 'quality-adjusted' : 'raw';
    const few = minersAskedFrom(power.actorsVersion);
    const expected = `${minimum.minimum} bytes of ${kind} power, or any while fewer than ${few} miners have that much (${minimum.minersAbove} have)`;
    return givenState(
      meets ? OK : wrong(expected, found === null ? 'no claim' : `${found.rawBytePower} raw, ${found.qualityAdjPower} quality-adjusted`),
      insteadOf('power', state),
    );
  },
};

export const standing: Check = {
  name: 'standing',
  rule: 'before the base the miner has power, no fee debt, and no consensus fault to sit out (from network version 4)',
  run(candidate, round) {
    if (round.baseVersion < STANDING_FROM_VERSION) return OK;
    const state = round.baseState();
    const id = minerId(candidate);
    const miner = id === null ? null : readMiner(state.tree, id);
    if (miner === null) return givenState(wrong('a miner', 'none of this id'), insteadOf('miner', state));
    const power = claimIn(state, candidate)?.qualityAdjPower ?? 0n;
    const fault = standingFault({ power, feeDebt: miner.feeDebt, consensusFaultElapsed: miner.info.consensusFaultElapsed }, round.base.height);
    return givenState(fault === null ? OK : wrong('a miner in good standing', fault), insteadOf('miner', state));
  },
};

export const electionVrf: Check = {
  name: 'election-vrf',
  rule: "the election proof is the worker's signature of the epoch's draw",
  run(candidate, round) {
    const { header } = candidate;
    const message = electionVrfInput(randomnessOf(candidate, round), header.height, header.miner);
    const signature = header.electionProof?.vrfProof;
    return bySignature(candidate, round, 'an election proof', (publicKey) => signature !== undefined && round.bls.verify({ publicKey, message, signature }));
  },
};

export const winCount: Check = {
  name: 'win-count',
  rule: 'the wins are those the proof draws at the power of the lookback state, at least one',
  run(candidate, round) {
    const proof = candidate.header.electionProof;
    if (proof === null) return wrong('an election proof', 'none');
    if (proof.winCount < 1) return wrong('at least one win', proof.winCount);
    const state = round.lookbackState();
    if (state === null) return wrong('a lookback tipset', 'none');
    const power = claimIn(state, candidate)?.qualityAdjPower ?? 0n;
    const { totalQualityAdjPower } = readPower(state.tree);
    return givenState(same(computeWinCount(proof.vrfProof, power, totalQualityAdjPower), proof.winCount), insteadOf('power', state));
  },
};

export const ticketVrf: Check = {
  name: 'ticket-vrf',
  rule: "the ticket is the worker's signature of the ticket draw",
  run(candidate, round) {
    const { header } = candidate;
    const message = ticketVrfInput(round.params, randomnessOf(candidate, round), header.height, header.miner, minTicket(round.base));
    const signature = header.ticket?.vrfProof;
    return bySignature(candidate, round, 'a ticket', (publicKey) => signature !== undefined && round.bls.verify({ publicKey, message, signature }));
  },
};

/** The beacon's randomness for the block. */
export function randomnessOf({ header }: Candidate, { previousBeacon }: Round): Uint8Array {
  return header.beaconEntries.at(-1)?.data ?? randomnessBase([], previousBeacon());
}

function claimIn(state: RuleState, candidate: Candidate) {
  const id = minerId(candidate);
  return id === null ? null : claimOf(readPower(state.tree), id);
}

function minerId({ header }: Candidate): bigint | null {
  return header.miner.protocol === PROTOCOL_ID ? idOf(header.miner) : null;
}
