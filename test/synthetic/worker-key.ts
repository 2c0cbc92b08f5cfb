/** BLS keys of workers and senders, each from a word. */

import { type Address, blsAddress } from '../../src/chain/address.ts';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { sha256 } from '../../src/chain/encoding/hash.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';

export interface WorkerKey {
  readonly privateKey: Uint8Array;
  readonly address: Address;
}

export function workerKey(bls: Bls, word: string): WorkerKey {
  const privateKey = bls.keygen(sha256(fromUtf8(word)));
  return { privateKey, address: blsAddress(bls.publicKey(privateKey)) };
}
