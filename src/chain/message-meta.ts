/**
 * MsgMeta: the two AMT roots over a block's message CIDs; its own CID is the header's `messages` (docs/protocol.md
 * 2.7).
 */

import type { CID } from './encoding/cid.ts';
import { type Codec, link, tuple } from './encoding/codec.ts';

export interface MessageMeta {
  /** AMT v2 of CIDs of unsigned BLS messages. */
  readonly blsMessages: CID;
  /** AMT v2 of CIDs of signed secp256k1 and delegated messages. */
  readonly secpkMessages: CID;
}

export const messageMeta: Codec<MessageMeta> = tuple('MsgMeta', {
  blsMessages: ['BlsMessages', link],
  secpkMessages: ['SecpkMessages', link],
});
