/** Beacon entries: round and signature. */

import { describe, expect, it } from 'vitest';
import { beaconEntry } from '../../src/chain/beacon-entry.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { beaconEntry as anyBeaconEntry } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('beacon entry', () => {
  obeysCodecLaws(beaconEntry, anyBeaconEntry);

  it('is an array of the round and a byte string', () => {
    expect(toHex(encode(beaconEntry, { round: 5n, data: Uint8Array.of(12) }))).toBe('8205410c');
    expect(toHex(encode(beaconEntry, { round: 1n << 63n, data: Uint8Array.of() }))).toBe('821b800000000000000040');
    expect(beaconEntry.toJson({ round: 5n, data: Uint8Array.of(12) })).toEqual({ Round: 5, Data: 'DA==' });
  });

  it('keeps rounds beyond 2^53 exact in JSON too', () => {
    const round = (1n << 64n) - 1n;
    expect(beaconEntry.fromJson({ Round: '18446744073709551615', Data: null })).toEqual({ round, data: Uint8Array.of() });
    expect(() => beaconEntry.fromJson({ Round: 2 ** 53, Data: null })).toThrow(expect.objectContaining({ code: 'JSON_TYPE', place: 'BeaconEntry.Round' }));
  });
});
