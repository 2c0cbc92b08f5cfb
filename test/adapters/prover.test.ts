/**
 * Every prover against the one contract: the mock, the observer's on both kinds of network, and one whose sectors
 * cannot be read.
 */

import { mockProver } from '../../src/adapters/mock-prover.ts';
import { observersProver } from '../../src/adapters/observers-prover.ts';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { idAddress } from '../../src/chain/address.ts';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { failingProve } from '../../src/devnet/faults/failing.ts';
import type { ProofRequest } from '../../src/ports/prover.ts';
import { proverContract } from '../contract/prover-contract.ts';

/** Bytes: 2 KiB, 8 MiB, 512 MiB, 32 GiB, 64 GiB. */
const SIZES = [2n ** 11n, 2n ** 23n, 2n ** 29n, 2n ** 35n, 2n ** 36n];

const requestOf = (sectorSize: bigint, epoch = 10): ProofRequest => ({
  miner: idAddress(1000),
  epoch,
  randomness: new Uint8Array(32).fill(7),
  sectors: [{ number: 3n, sealProof: 5, sealedCid: cidOf(fromUtf8('a sector')) }],
  sectorSize,
});
const requests = SIZES.map((size) => requestOf(size));

proverContract('mock', () => ({ prover: mockProver(), insecurePoSt: true, requests }));
proverContract("observer's insecure", () => ({ prover: observersProver({ insecurePoSt: true }), insecurePoSt: true, requests }));
proverContract("observer's", () => ({ prover: observersProver(MAINNET), insecurePoSt: false, requests }));

proverContract(
  'failing',
  () => {
    const plan = { seed: 'a seed', faults: [{ name: 'failing-prove', rate: 1 } as const], from: 11 };
    const prover = failingProve(mockProver(), { plan, network: { ...MAINNET, propagationDelaySecs: 10 }, clock: virtualClock(0) });
    return { prover, insecurePoSt: true, requests };
  },
  { request: requestOf(2n ** 11n, 11), failure: { code: 'PROVE_FAILED', retryable: false } },
);
