/**
 * What a header's `messages` says of a block's messages: two AMTs of their CIDs and the MsgMeta over both
 * (docs/protocol.md 2.7; lotus chain/consensus/common.go, specs-actors v0 adt).
 */

import { type CID, cidOf } from '../../chain/encoding/cid.ts';
import { encode, link } from '../../chain/encoding/codec.ts';
import { AMT_V2, buildAmt } from '../../chain/ipld/amt.ts';
import type { Block } from '../../chain/ipld/block-store.ts';
import { type MessageMeta, messageMeta } from '../../chain/message-meta.ts';

export interface MessagesRoot {
  /** The header's field 10. */
  readonly cid: CID;
  readonly meta: MessageMeta;
  /** All nodes, children before their parents; the meta itself last, with the CID above. */
  readonly blocks: readonly Block[];
}

/** Of message CIDs in block order: those of unsigned messages, then those of signed ones (secp256k1 and delegated). */
export function messagesRoot(blsMessages: readonly CID[], secpkMessages: readonly CID[]): MessagesRoot {
  const bls = buildAmt(AMT_V2, blsMessages.map(linkBytes));
  const secpk = buildAmt(AMT_V2, secpkMessages.map(linkBytes));
  const meta: MessageMeta = { blsMessages: bls.root, secpkMessages: secpk.root };
  const bytes = encode(messageMeta, meta);
  const cid = cidOf(bytes);
  return { cid, meta, blocks: [...bls.blocks, ...secpk.blocks, { cid, bytes }] };
}

function linkBytes(cid: CID): Uint8Array {
  return encode(link, cid);
}
