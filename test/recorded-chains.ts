/**
 * Recorded chains as the tests of nouns and rules want them: the devnet that this repository carries, and mainnet's
 * first 40 epochs beside it.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CarReader } from '@ipld/car';
import { type BlockHeader, blockHeader } from '../src/chain/block-header.ts';
import { fromHex } from '../src/chain/encoding/bytes.ts';
import { type CID, parseCid } from '../src/chain/encoding/cid.ts';
import { decode, link } from '../src/chain/encoding/codec.ts';
import { AMT_V2, amtEntries } from '../src/chain/ipld/amt.ts';
import { type GetBlock, requireBlock } from '../src/chain/ipld/block-store.ts';
import { type Message, message, type SignedMessage, signedMessage } from '../src/chain/message.ts';
import { messageMeta } from '../src/chain/message-meta.ts';

/** A block with what its `messages` leads to, in block order. */
export interface RecordedBlock {
  readonly cid: CID;
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
  readonly blsCids: readonly CID[];
  readonly secpkCids: readonly CID[];
}

export interface RecordedChain {
  readonly get: GetBlock;
  /** From genesis on; blocks of one tipset in its order. */
  readonly blocks: readonly RecordedBlock[];
}

/** A 2k devnet of Lotus 1.36.2: 582 blocks, 332 BLS and 320 secp256k1 messages. */
export async function devnet2k(): Promise<RecordedChain> {
  const car = await CarReader.fromBytes(gunzipSync(readFileSync(new URL('cassette/devnet-2k.car.gz', import.meta.url))));
  const store = new Map<string, Uint8Array>();
  for await (const { cid, bytes } of car.blocks()) store.set(cid.toString(), bytes);
  const get: GetBlock = (cid) => store.get(cid.toString());
  const tipsets: RecordedBlock[][] = [];
  for (let key: readonly CID[] = (await car.getRoots()) as unknown as CID[]; ; ) {
    const blocks = key.map((cid) => recordedBlock(get, cid));
    const first = blocks[0];
    if (first === undefined) throw new Error('the CAR has no roots');
    tipsets.push(blocks);
    if (first.header.height === 0) break;
    key = first.header.parents;
  }
  return { get, blocks: tipsets.reverse().flat() };
}

/** Mainnet's epochs 0 to 39, from the JSON at `path` (sharedData): 49 headers, 41 BLS messages, 206 signed ones. */
export function mainnetEpochs0To39(path: string): RecordedChain {
  const recorded = JSON.parse(readFileSync(path, 'utf8')) as MainnetJson;
  const messages = new Map(Object.entries(recorded.messages).map(([cid, hex]) => [cid, fromHex(hex)]));
  const blocks = recorded.headers.map(({ cid, hex, bls, secp }) => {
    const bytes = fromHex(hex);
    return { cid: parseCid(cid), header: decode(blockHeader, bytes), bytes, blsCids: bls.map(parseCid), secpkCids: secp.map(parseCid) };
  });
  return { get: (cid) => messages.get(cid.toString()), blocks };
}

interface MainnetJson {
  readonly headers: readonly { readonly cid: string; readonly hex: string; readonly bls: readonly string[]; readonly secp: readonly string[] }[];
  readonly messages: { readonly [cid: string]: string };
}

export function blsMessageOf({ get }: RecordedChain, cid: CID): Message {
  return decode(message, requireBlock(get, cid, 'message'));
}

export function signedMessageOf({ get }: RecordedChain, cid: CID): SignedMessage {
  return decode(signedMessage, requireBlock(get, cid, 'signed message'));
}

function recordedBlock(get: GetBlock, cid: CID): RecordedBlock {
  const bytes = requireBlock(get, cid, 'block');
  const header = decode(blockHeader, bytes);
  const meta = decode(messageMeta, requireBlock(get, header.messages, 'messages'));
  const cidsOf = (root: CID): CID[] => Array.from(amtEntries(get, root, AMT_V2), ([, value]) => decode(link, value));
  return { cid, header, bytes, blsCids: cidsOf(meta.blsMessages), secpkCids: cidsOf(meta.secpkMessages) };
}
