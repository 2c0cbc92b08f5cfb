/** A signer over keys held in this process. */

import { type Address, addressKey, blsAddress, formatAddress } from '../chain/address.ts';
import { argumentCheck, isBytes, isListOf } from '../chain/argument.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { hasMethods } from '../errors/option.ts';
import { PortError } from '../errors/port-error.ts';
import type { Signer } from '../ports/signer.ts';

/**
 * Private keys of 32 bytes, little-endian; throws `BLS_PRIVATE_KEY` for what is none, `CALL_ARGUMENT` for what is no
 * list of bytes.
 */
export function keySigner(bls: Pick<Bls, 'publicKey' | 'signAsync'>, privateKeys: readonly Uint8Array[]): Signer {
  const check = argumentCheck('keySigner');
  check('bls', bls, 'signatures (loadBls of mineone/native/bls)', hasMethods(bls, 'publicKey', 'signAsync'));
  check('privateKeys', Array.isArray(privateKeys), 'a list of private keys, 32 bytes each', isListOf(privateKeys, isBytes));
  const keys = new Map(privateKeys.map((key) => [addressKey(blsAddress(bls.publicKey(key))), key]));
  return {
    async signVrf(key, message, signal) {
      signal.throwIfAborted();
      const held = keys.get(addressKey(key));
      if (held === undefined) throw keyMissing(key);
      return bls.signAsync(held, message);
    },
  };
}

function keyMissing(key: Address): PortError {
  const message = `the key of ${formatAddress(key)} is not held here; import it with \`mineone key import\``;
  return new PortError('SIGNER_KEY_MISSING', message, { retryable: false });
}
