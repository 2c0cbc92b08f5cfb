/**
 * Rejections, as the sender of a block takes them: some say nothing, some only what a node holds against what it was
 * sent.
 */

import type { SignedMessage } from '../../chain/message.ts';
import { PortError } from '../../errors/port-error.ts';
import type { Node } from '../../ports/node.ts';
import { codeOf, mayPass, saidOf } from '../../runtime/failure.ts';

/**
 * A rejection without a code says nothing of the block, which is sent again soon: `SUBMIT_UNCLEAR`. What a node refuses
 * it refuses in words.
 */
export async function clearly(sent: Promise<void>): Promise<void> {
  try {
    await sent;
  } catch (cause) {
    if (codeOf(cause) !== null) throw cause;
    throw new PortError('SUBMIT_UNCLEAR', `the node's answer to a block is no failure with a code: ${saidOf(cause)}`, { retryable: true, cause });
  }
}

/**
 * What the node holds against a message; one that it has already it may refuse too. Rejects where it should be asked
 * again.
 */
export async function pushed(node: Pick<Node, 'pushMessage'>, message: SignedMessage, signal: AbortSignal): Promise<string | null> {
  try {
    await node.pushMessage(message, signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (mayPass(error)) throw error;
    return saidOf(error);
  }
}
