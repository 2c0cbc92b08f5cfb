/** MsgMeta: two links; vectors by an independent implementation. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { messageMeta } from '../../src/chain/message-meta.ts';
import { messageMeta as anyMessageMeta } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

interface Vector {
  readonly hex: string;
  readonly cid: string;
}

const { msgMeta } = JSON.parse(readFileSync(new URL('../vectors/consensus-vectors.json', import.meta.url), 'utf8')) as { readonly msgMeta: readonly Vector[] };

describe('MsgMeta', () => {
  obeysCodecLaws(messageMeta, anyMessageMeta);

  it.each(msgMeta)('reads $cid and writes the same bytes', ({ hex, cid }) => {
    const bytes = fromHex(hex);
    expect(toHex(encode(messageMeta, decode(messageMeta, bytes)))).toBe(hex);
    expect(cidOf(bytes).toString()).toBe(cid);
  });
});
