/**
 * Whether a signer's answer is the VRF proof that it was asked for: the worker key's signature of the draw
 * (docs/protocol.md 2.2). A pairing each, and the node would look at it too.
 */

import { PROTOCOL_BLS, parseAddress } from '../../chain/address.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';
import { PortError } from '../../errors/port-error.ts';

/**
 * Throws `VRF_INVALID`, which is not asked again: the same key signs the same draw to the same bytes. `key` is an
 * address, `f3…`.
 */
export async function checkVrfProof(bls: Pick<Bls, 'verifyAsync'>, key: string, message: Uint8Array, signature: Uint8Array): Promise<void> {
  const { protocol, payload } = parseAddress(key);
  if (protocol === PROTOCOL_BLS && (await bls.verifyAsync({ publicKey: payload, message, signature }))) return;
  const said = `the signer's answer is no signature of the draw by the worker key ${key}; see which key it holds under that address`;
  throw new PortError('VRF_INVALID', said, { retryable: false });
}
