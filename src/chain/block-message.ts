/**
 * A block as it travels (gossip, SyncSubmitBlock): the header and the CIDs of its messages (docs/protocol.md 2.6
 * "BlockMsg").
 */

import { type BlockHeader, blockHeader } from './block-header.ts';
import type { CID } from './encoding/cid.ts';
import { type Codec, link, list, tuple } from './encoding/codec.ts';

/** Largest encoded form: 1 MiB less 32 KiB (lotus build/buildconstants, BlockMessage). */
export const BLOCK_MESSAGE_LENGTH_MAX = 1024 * 1024 - 32 * 1024;

export interface BlockMessage {
  readonly header: BlockHeader;
  /** CIDs of unsigned messages. */
  readonly blsMessages: readonly CID[];
  /** CIDs of signed messages, delegated ones among them. */
  readonly secpkMessages: readonly CID[];
}

export const blockMessage: Codec<BlockMessage> = tuple('BlockMessage', {
  header: ['Header', blockHeader],
  blsMessages: ['BlsMessages', list(link)],
  secpkMessages: ['SecpkMessages', list(link)],
});
