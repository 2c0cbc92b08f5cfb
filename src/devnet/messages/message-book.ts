/**
 * Messages as the node keeps them: their bytes for blocks, and for a while their signatures, should a reorg bring them
 * back.
 */

import type { BlockHeader } from '../../chain/block-header.ts';
import type { BlockMessage } from '../../chain/block-message.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { encode } from '../../chain/encoding/codec.ts';
import { message, type SignedMessage, signedMessage } from '../../chain/message.ts';
import { SIGNATURE_BLS } from '../../chain/signature.ts';
import { messagesRoot } from '../../consensus/messages/messages-root.ts';
import { readMessageCids } from '../../consensus/validation/block-messages.ts';
import { PortError } from '../../errors/port-error.ts';
import type { BlockTable } from '../state/block-table.ts';

export interface MessageBook {
  keep(signed: SignedMessage): void;
  /** Those of a block that are remembered with their signatures. */
  ofBlock(header: BlockHeader): readonly SignedMessage[];
  /** Of messages whose signatures are remembered. */
  cids(): Iterable<string>;
  /**
   * Keeps the trees over a block's messages; throws in Lotus' words: `NODE_REJECTED` where they are not what the header
   * says, `NODE_MESSAGES_MISSING` where one is not here.
   */
  admit(block: BlockMessage): void;
}

const SIGNED_KEPT = 1 << 14;

export function messageBook(table: BlockTable): MessageBook {
  const signatures = new Map<string, SignedMessage>();
  return {
    keep(signed) {
      const cid = table.put(signed.signature.type === SIGNATURE_BLS ? encode(message, signed.message) : encode(signedMessage, signed));
      signatures.set(cid.toString(), signed);
      const [oldest] = signatures.keys();
      if (signatures.size > SIGNED_KEPT && oldest !== undefined) signatures.delete(oldest);
    },
    ofBlock(header) {
      const { bls, secpk } = readMessageCids(table.get, header);
      return [...bls, ...secpk].flatMap((cid) => signatures.get(cid.toString()) ?? []);
    },
    cids: () => signatures.keys(),
    admit({ header, blsMessages, secpkMessages }) {
      requireAll(table, 'bls messages', blsMessages);
      requireAll(table, 'secpk message', secpkMessages);
      const root = messagesRoot(blsMessages, secpkMessages);
      if (!root.cid.equals(header.messages)) {
        const text = `messages in full block did not match msgmeta root in header (${header.messages} != ${root.cid})`;
        throw new PortError('NODE_REJECTED', `provided messages did not match block: ${text}`, { retryable: false });
      }
      table.keep({ root: root.cid, blocks: root.blocks });
    },
  };
}

function requireAll(table: BlockTable, kind: string, cids: readonly CID[]): void {
  const absent = cids.find((cid) => table.get(cid) === undefined);
  if (absent === undefined) return;
  const message = `failed to load ${kind}: failed to get message: (${absent}): ipld: could not find ${absent}`;
  throw new PortError('NODE_MESSAGES_MISSING', message, { retryable: false });
}
