/**
 * Quality of a ticket: how good its place in a tipset is likely to be, from 0 to 1 (docs/protocol.md 2.3; lotus
 * chain/types/blockheader.go:22-30).
 */

import { toUintBE } from '../chain/encoding/bytes.ts';
import { blake2b256 } from '../chain/encoding/hash.ts';
import type { Ticket } from '../chain/ticket.ts';

const TWO_TO_256 = Number(1n << 256n);

/** 1 - digest / 2^256 in double precision: the quotient is exact but for one rounding, as Go's big.Rat gives it. */
export function ticketQuality(ticket: Ticket): number {
  return 1 - Number(toUintBE(blake2b256(ticket.vrfProof))) / TWO_TO_256;
}
