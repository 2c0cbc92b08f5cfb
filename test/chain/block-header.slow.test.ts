/** Every header of real chains: bytes, CIDs, JSON. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockCid, blockHeader } from '../../src/chain/block-header.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { tipsetJson, tipsetOf } from '../../src/chain/tipset.ts';
import { devnet2k, mainnetEpochs0To39 } from '../recorded-chains.ts';
import { sharedData, suiteName } from '../shared-data.ts';

interface LotusBlock {
  readonly ElectionProof: { readonly VRFProof: string | null };
  readonly WinPoStProof: readonly object[] | null;
}

/** Go writes `null` for slices it never made, which is what a genesis block has; read back they are empty. */
function withoutNilSlices(block: LotusBlock): object {
  return { ...block, ElectionProof: { ...block.ElectionProof, VRFProof: block.ElectionProof.VRFProof ?? '' }, WinPoStProof: block.WinPoStProof ?? [] };
}

describe('headers of real chains', () => {
  it('devnet-2k: 582 headers, each again its bytes and its CID, in CBOR and through JSON', async () => {
    const { blocks } = await devnet2k();
    for (const { cid, header, bytes } of blocks) {
      expect(toHex(encode(blockHeader, header))).toBe(toHex(bytes));
      expect(blockCid(blockHeader.fromJson(JSON.parse(JSON.stringify(blockHeader.toJson(header))))).toString()).toBe(cid.toString());
    }
    expect(blocks).toHaveLength(582);
  });

  const mainnet = sharedData('mainnet/epochs-0-39.json');
  it.skipIf(mainnet.absent)(suiteName('mainnet 0-39: 49 headers, genesis’ form among them', mainnet.absent), () => {
    const { blocks } = mainnetEpochs0To39(mainnet.path);
    for (const { cid, header, bytes } of blocks) {
      expect(toHex(encode(blockHeader, header))).toBe(toHex(bytes));
      expect(blockCid(header).toString()).toBe(cid.toString());
    }
    expect(blocks).toHaveLength(49);
    expect(blocks[0]?.header).toMatchObject({ height: 0, blockSig: null, blsAggregate: null, winPoStProof: [], parentBaseFee: 100_000_000n });
    expect(blocks[0]?.header.parents.map(String)).toEqual(['bafyreiaqpwbbyjo4a42saasj36kkrpv4tsherf2e7bvezkert2a7dhonoi']);
  });

  for (const folder of ['tipsets', 'tipsets-calibnet', 'tipsets-calibnet-2021', 'tipsets-interopnet-2021']) {
    const { path, absent } = sharedData(`mainnet/${folder}`);
    const files = absent ? ['absent'] : readdirSync(path).filter((name) => name.endsWith('.json'));
    it.skipIf(absent).each(files)(suiteName(`${folder}/%s: CIDs exact, tipset order, JSON and back`, absent), (file) => {
      const { cids, blocks, height } = JSON.parse(readFileSync(`${path}/${file}`, 'utf8')) as { cids: { '/': string }[]; blocks: LotusBlock[]; height: number };
      const headers = blocks.map((block) => blockHeader.fromJson(block));
      expect(headers.map((header) => blockHeader.toJson(header))).toEqual(blocks.map(withoutNilSlices));
      expect(headers.map((header) => toHex(encode(blockHeader, decode(blockHeader, encode(blockHeader, header)))))).toEqual(
        headers.map((header) => toHex(encode(blockHeader, header))),
      );
      expect(tipsetOf(headers).key.map(String)).toEqual(cids.map((cid) => cid['/']));
      expect(tipsetJson.toJson(tipsetJson.fromJson({ Cids: cids, Blocks: blocks, Height: height }))).toEqual({
        Cids: cids,
        Blocks: blocks.map(withoutNilSlices),
        Height: height,
      });
    });
  }
});
