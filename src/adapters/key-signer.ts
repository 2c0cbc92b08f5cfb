/** A signer over keys held in this process. */

import { type Address, addressKey, blsAddress, formatAddress } from '../chain/address.ts';
import { MineOneError } from '../chain/error.ts';
import type { Bls } from '../consensus/bls.ts';
import type { Signer } from '../ports/signer.ts';

/** Private keys of 32 bytes, little-endian; throws `BLS_PRIVATE_KEY` for what is none. */
export function keySigner(bls: Pick<Bls, 'publicKey' | 'signAsync'>, privateKeys: readonly Uint8Array[]): Signer {
  const keys = new Map(privateKeys.map((key) => [addressKey(blsAddress(bls.publicKey(key))), key]));
  return {
    async signVrf(key: Address, message) {
      const held = keys.get(addressKey(key));
      if (held === undefined)
        throw new MineOneError('SIGNER_KEY_MISSING', `the key of ${formatAddress(key)} is not held here; import it with \`mineone key import\``);
      return bls.signAsync(held, message);
    },
  };
}
