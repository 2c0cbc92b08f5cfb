/**
 * A node, a signer and a prover of your own: each port is a few calls; here they only tell what was asked. Compile it
 * to see that yours fit.
 */

import { formatAddress } from 'mineone/chain/address';
import { PortError } from 'mineone/errors/port-error';
import type { Node } from 'mineone/ports/node';
import type { Prover } from 'mineone/ports/prover';
import type { Signer } from 'mineone/ports/signer';

export type Tell = (line: string) => void;

/** Hands every call on, and tells how long the node took. */
export function timedNode(node: Node, tell: Tell): Node {
  const timed =
    <Args extends readonly unknown[], Answer>(
      name: string,
      call: (...args: Args) => Promise<Answer>,
    ) =>
    async (...args: Args): Promise<Answer> => {
      const start = performance.now();
      try {
        return await call(...args);
      } finally {
        tell(`${name} took ${Math.round(performance.now() - start)} ms`);
      }
    };
  return {
    ...node,
    head: timed('head', node.head),
    beaconEntry: timed('beaconEntry', node.beaconEntry),
    miningBaseInfo: timed('miningBaseInfo', node.miningBaseInfo),
    selectMessages: timed('selectMessages', node.selectMessages),
    createBlock: timed('createBlock', node.createBlock),
    submitBlock: timed('submitBlock', node.submitBlock),
  };
}

/** What a port rejects with is a `PortError`: a code, and whether the same may be asked again. */
export function rationedSigner(signer: Signer, most: number): Signer {
  let signed = 0;
  return {
    ...signer,
    async signVrf(key, message, signal) {
      if (++signed > most) {
        const why = `${formatAddress(key)}: this signer signs ${most} times a life`;
        throw new PortError('SIGNER_RATION', why, { retryable: false });
      }
      return signer.signVrf(key, message, signal);
    },
  };
}

/** The first prover that answers. */
export function firstOf(...provers: readonly Prover[]): Prover {
  return {
    winningPost: (request, signal) =>
      Promise.any(provers.map((prover) => prover.winningPost(request, signal))),
  };
}
