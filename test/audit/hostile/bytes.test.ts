/** Files of a chain that break off or go on: a clear error, wherever it is. */

import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, fromHex } from '../../../src/chain/encoding/bytes.ts';
import { CID, CODEC_RAW, cidOf } from '../../../src/chain/encoding/cid.ts';
import { encodeVarint } from '../../../src/chain/encoding/leb128.ts';
import { carBytes, judging, type Store, shortChainTo46 } from '../fixtures/hostile-car.ts';

const outcome = judging();
let chain: Store;
beforeAll(async () => {
  chain = (await shortChainTo46()).chain;
}, 60_000);

describe('a file that breaks off or goes on', () => {
  it('cut at 60 places', { timeout: 60_000 }, async () => {
    const bytes = carBytes(chain);
    for (let i = 0; i < 60; i++) {
      const length = Math.floor((bytes.length * i) / 60) + (i % 7);
      const { code } = await outcome(bytes.subarray(0, length));
      // Between two sections a file may end: then it is a smaller one, without its head or a block of it.
      expect([length, code]).toEqual([length, expect.stringMatching(length === 0 ? /^SOURCE_NOT_CAR$/ : /^CAR_(TRUNCATED|ROOT_MISSING)$/)]);
    }
  });

  it('with bytes behind its end', async () => {
    const bytes = carBytes(chain);
    for (const [rest, code] of [
      ['00', /^CAR_SECTION_EMPTY$/],
      ['01', /^CAR_TRUNCATED$/],
      ['ffffffffffffffffff', /^CAR_VARINT$/],
      ['0000000000000000', /^CAR_SECTION_EMPTY$/],
      [`26${'0171a0e40220'}${'00'.repeat(32)}`, /^CAR_BLOCK_HASH$/],
    ] as const) {
      expect((await outcome(concatBytes(bytes, fromHex(rest)))).code).toMatch(code);
    }
  });

  it('with a length of 2 GB', async () => {
    const cid = cidOf(new Uint8Array(1));
    const raw = CID.createV1(CODEC_RAW, cid.multihash);
    for (const { bytes } of [cid, raw]) {
      const section = concatBytes(encodeVarint(2n ** 31n), bytes, new Uint8Array(1000));
      expect((await outcome(concatBytes(carBytes(chain), section))).code).toBe('CAR_TRUNCATED');
    }
  });
});
