/**
 * The messages that a node chose, less what would break the block: the rules are mining/selected-messages.ts,
 * signatures are verified here.
 */

import { messageCid, type SignedMessage, signedMessageCid } from '../../chain/message.ts';
import { SIGNATURE_BLS } from '../../chain/signature.ts';
import { signatureRefusal } from '../../consensus/messages/message-signature.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';
import { recoverSecp256k1 } from '../../consensus/signatures/noble.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { admitMessages, type LeftOut, type SelectionContext } from '../../mining/selected-messages.ts';

export interface MessageChecks extends Omit<SelectionContext, 'unsigned'> {
  readonly bls: Pick<Bls, 'verify' | 'verifyAsync' | 'verifyBatchAsync'>;
  /** Hears `MESSAGES_LEFT_OUT`. */
  readonly tell: (fault: MineOneError) => void;
}

/** Those that a block of the epoch may hold, in the order of choice, each signed by its sender. */
export async function admitted(messages: readonly SignedMessage[], { bls, tell, ...context }: MessageChecks): Promise<readonly SignedMessage[]> {
  const verified = new Set<SignedMessage>();
  const unsigned = new Set<SignedMessage>();
  // What is left out makes room for others, of which nobody has looked at the signature yet.
  for (;;) {
    const { kept, leftOut } = admitMessages(messages, { ...context, unsigned });
    const open = kept.filter((signed) => !verified.has(signed));
    const wrong = await wronglySigned(open, bls, context.params.eip155ChainId);
    for (const signed of open) verified.add(signed);
    for (const signed of wrong) unsigned.add(signed);
    if (wrong.length > 0) continue;
    if (leftOut.length > 0) tell(leftOutFault(leftOut, messages.length, context.epoch));
    return kept;
  }
}

/** Messages whose signatures are verified before others get their turn: a block may hold thousands. */
const AT_ONCE = 32;

/** The sender's address is its key: others were left out. */
async function wronglySigned(messages: readonly SignedMessage[], bls: MessageChecks['bls'], chainId: bigint): Promise<readonly SignedMessage[]> {
  const wrong: SignedMessage[] = [];
  for (let at = 0; at < messages.length; at += AT_ONCE) {
    const some = messages.slice(at, at + AT_ONCE);
    const ofBls = some.filter(({ signature }) => signature.type === SIGNATURE_BLS);
    if (!(await bls.verifyBatchAsync(ofBls.map(digestOf)))) for (const one of ofBls) if (!(await bls.verifyAsync(digestOf(one)))) wrong.push(one);
    for (const one of some)
      if (one.signature.type !== SIGNATURE_BLS && signatureRefusal(one, one.message.from, chainId, { bls, recoverSecp256k1 }) !== null) wrong.push(one);
    await new Promise(setImmediate);
  }
  return wrong;
}

function digestOf({ message, signature }: SignedMessage) {
  return { publicKey: message.from.payload, message: messageCid(message).bytes, signature: signature.data };
}

function leftOutFault(leftOut: readonly LeftOut[], count: number, epoch: number): MineOneError {
  const [{ signed, refusal }] = leftOut as [LeftOut];
  const first = `${signedMessageCid(signed)} breaks ${refusal.rule}: expected ${refusal.expected}, got ${refusal.found}`;
  return new MineOneError(
    'MESSAGES_LEFT_OUT',
    `${leftOut.length} of ${count} messages that the node chose for epoch ${epoch} would break the block; the first, ${first}`,
  );
}
