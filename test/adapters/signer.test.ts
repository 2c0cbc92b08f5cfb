/** The signer over keys of this process against the one contract. */

import { loadBls } from '../../native/bls.ts';
import { keySigner } from '../../src/adapters/key-signer.ts';
import { type Address, blsAddress } from '../../src/chain/address.ts';
import { signerContract } from '../contract/signer-contract.ts';

const { bls } = loadBls();
const privateKeys = [1, 2, 3].map((byte) => bls.keygen(new Uint8Array(32).fill(byte)));
const [one, other, absent] = privateKeys.map((key) => blsAddress(bls.publicKey(key))) as [Address, Address, Address];

signerContract('key', () => ({ signer: keySigner(bls, privateKeys.slice(0, 2)), keys: [one, other], absent }));
