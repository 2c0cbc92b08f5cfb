/** Tickets: one field in one tuple. */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { ticket } from '../../src/chain/ticket.ts';
import { ticket as anyTicket } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('ticket', () => {
  obeysCodecLaws(ticket, anyTicket);

  it('is an array of one byte string', () => {
    expect(toHex(encode(ticket, { vrfProof: Uint8Array.of(1, 2, 3) }))).toBe('8143010203');
    expect(ticket.toJson({ vrfProof: Uint8Array.of(1, 2, 3) })).toEqual({ VRFProof: 'AQID' });
  });
});
