/** A block's messages, found through its header: MsgMeta, two AMTs of CIDs, the messages (docs/protocol.md 2.7). */

import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { type Codec, decode, link, placed } from '../../chain/encoding/codec.ts';
import { AMT_V2, amtEntries } from '../../chain/ipld/amt.ts';
import { type GetBlock, requireBlock } from '../../chain/ipld/block-store.ts';
import { type Message, message, type SignedMessage, signedMessage } from '../../chain/message.ts';
import { messageMeta } from '../../chain/message-meta.ts';
import type { Tipset } from '../../chain/tipset.ts';
import { BLOCK_MESSAGE_LIMIT } from '../messages/gas.ts';

/** CIDs in block order. */
export interface MessageCids {
  readonly bls: readonly CID[];
  readonly secpk: readonly CID[];
}

export interface BlockMessages {
  readonly cids: MessageCids;
  /** `bls[i]` has the CID `cids.bls[i]`. */
  readonly bls: readonly Message[];
  readonly secpk: readonly SignedMessage[];
}

/** Throws `MissingBlockError` or `DecodeError`, the latter also for more than {@link BLOCK_MESSAGE_LIMIT} of a kind. */
export function readMessageCids(get: GetBlock, header: BlockHeader): MessageCids {
  const meta = decode(messageMeta, requireBlock(get, header.messages, 'the MsgMeta'));
  return { bls: readLinks(get, meta.blsMessages), secpk: readLinks(get, meta.secpkMessages) };
}

export function readMessages(get: GetBlock, header: BlockHeader, cids: MessageCids = readMessageCids(get, header)): BlockMessages {
  return { cids, bls: readEach(get, cids.bls, message), secpk: readEach(get, cids.secpk, signedMessage) };
}

/** A message that is named many times is read once: a small file must not unfold into a large memory. */
function readEach<T>(get: GetBlock, cids: readonly CID[], codec: Codec<T>): readonly T[] {
  const known = new Map<string, T>();
  return cids.map((cid) => {
    const key = cid.toString();
    const value = known.get(key) ?? placed(`message ${key}`, () => decode(codec, requireBlock(get, cid, 'message')));
    known.set(key, value);
    return value;
  });
}

/** Every message of a tipset once, by its CID, in the order of blocks, BLS first in each. */
export function uniqueMessages(get: GetBlock, tipset: Tipset): readonly Message[] {
  return uniqueIn(tipset.blocks.map((header) => readMessages(get, header)));
}

/** The same of messages that are read already, block by block. */
export function uniqueIn(blocks: readonly BlockMessages[]): readonly Message[] {
  const seen = new Map<string, Message>();
  for (const { cids, bls, secpk } of blocks) {
    bls.forEach((m, i) => {
      seen.set(String(cids.bls[i]), m);
    });
    secpk.forEach(({ message: m }, i) => {
      seen.set(String(cids.secpk[i]), m);
    });
  }
  return [...seen.values()];
}

function readLinks(get: GetBlock, root: CID): readonly CID[] {
  return Array.from(amtEntries(get, root, AMT_V2, BLOCK_MESSAGE_LIMIT), ([, value]) => decode(link, value));
}
