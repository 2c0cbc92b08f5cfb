/** Blocks as they travel. */

import { describe, expect, it } from 'vitest';
import { blockHeader } from '../../src/chain/block-header.ts';
import { BLOCK_MESSAGE_LENGTH_MAX, blockMessage } from '../../src/chain/block-message.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode, type Json } from '../../src/chain/encoding/codec.ts';
import { blockMessage as anyBlockMessage } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';
import { devnet2k } from '../recorded-chains.ts';

describe('block message', () => {
  obeysCodecLaws(blockMessage, anyBlockMessage);

  it('is an array of the header and two lists of links, for every block of the devnet', async () => {
    const { blocks } = await devnet2k();
    for (const { header, bytes, blsCids, secpkCids } of blocks) {
      const encoded = encode(blockMessage, { header, blsMessages: blsCids, secpkMessages: secpkCids });
      const links = [...blsCids, ...secpkCids].reduce((length, { bytes }) => length + 5 + bytes.length, 0);
      expect(toHex(encoded.subarray(0, 1 + bytes.length))).toBe(`83${toHex(bytes)}`);
      expect(encoded.length).toBe(1 + bytes.length + 2 + links);
      expect(encoded.length).toBeLessThan(BLOCK_MESSAGE_LENGTH_MAX);
      expect(decode(blockMessage, encoded).secpkMessages.map(String)).toEqual(secpkCids.map(String));
    }
  });

  it('has Lotus’ names in JSON', async () => {
    const { blocks } = await devnet2k();
    const { header, blsCids } = blocks.at(-1) as (typeof blocks)[number];
    const json = blockMessage.toJson({ header, blsMessages: blsCids, secpkMessages: [] }) as { readonly [key: string]: Json };
    expect(json).toEqual({ Header: blockHeader.toJson(header), BlsMessages: blsCids.map((cid) => ({ '/': String(cid) })), SecpkMessages: [] });
  });

  it('may have at most 1 MiB less 32 KiB', () => {
    expect(BLOCK_MESSAGE_LENGTH_MAX).toBe(1_015_808);
  });
});
