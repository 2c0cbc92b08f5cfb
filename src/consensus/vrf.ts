/**
 * The 32 bytes that a miner's worker key signs, or that choose its sector, at an epoch (docs/protocol.md 2.1 and 2.2).
 * A VRF proof is the BLS signature of them.
 */

import { type Address, address } from '../chain/address.ts';
import { concatBytes } from '../chain/encoding/bytes.ts';
import { encode } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { Ticket } from '../chain/ticket.ts';
import type { UpgradeHeights } from './network/network.ts';
import { drawRandomness, TAG_ELECTION_PROOF_PRODUCTION, TAG_TICKET_PRODUCTION, TAG_WINNING_POST_CHALLENGE_SEED } from './randomness.ts';

/** A ticket is drawn one epoch back (TicketRandomnessLookback). */
const TICKET_LOOKBACK = 1;

/** Election of `epoch`. */
export function electionVrfInput(rbase: Uint8Array, epoch: Epoch, miner: Address): Uint8Array {
  return drawRandomness(rbase, TAG_ELECTION_PROOF_PRODUCTION, epoch, encode(address, miner));
}

/**
 * Ticket of a block at `epoch`; after Smoke the base's least ticket goes in too, so that one miner has as many tickets
 * as there are bases.
 */
export function ticketVrfInput(
  params: { readonly upgrades: Pick<UpgradeHeights, 'smoke'> },
  rbase: Uint8Array,
  epoch: Epoch,
  miner: Address,
  baseMinTicket: Ticket,
): Uint8Array {
  const miners = encode(address, miner);
  const entropy = epoch > params.upgrades.smoke ? concatBytes(miners, baseMinTicket.vrfProof) : miners;
  return drawRandomness(rbase, TAG_TICKET_PRODUCTION, epoch - TICKET_LOOKBACK, entropy);
}

/** Seed of the winning PoSt's challenges, before it is made a scalar (see winning-post.ts). */
export function winningPostSeed(rbase: Uint8Array, epoch: Epoch, miner: Address): Uint8Array {
  return drawRandomness(rbase, TAG_WINNING_POST_CHALLENGE_SEED, epoch, encode(address, miner));
}
