/**
 * Who holds the workers' keys. A VRF proof is a BLS signature of a 32-byte draw: the same bytes whenever the same is
 * asked.
 */

import type { Address } from '../chain/address.ts';

export interface Signer {
  /** 96 bytes; a failure is a `PortError`: `SIGNER_KEY_MISSING` for a key it does not hold. */
  signVrf(key: Address, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}
