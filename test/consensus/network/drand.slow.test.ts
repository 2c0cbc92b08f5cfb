/** Recorded rounds of the three drand networks, and what must not verify. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadBls } from '../../../native/bls.ts';
import { fromHex } from '../../../src/chain/encoding/bytes.ts';
import { DRAND_MAINNET, type DrandNetwork, INCENTINET, QUICKNET, verifyBeaconEntry } from '../../../src/consensus/network/drand.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

const { bls } = loadBls();
const NETWORKS: Readonly<Record<string, DrandNetwork>> = { incentinet: INCENTINET, mainnet: DRAND_MAINNET, quicknet: QUICKNET };

interface Recorded {
  readonly chain: string;
  readonly round: number;
  readonly signature: string;
  readonly previous_signature: string | null;
}

const { path, absent } = sharedData('mainnet/drand.json');

describe.skipIf(absent)(suiteName('recorded rounds', absent), () => {
  const rounds: readonly Recorded[] = absent ? [] : JSON.parse(readFileSync(path, 'utf8')).rounds;
  const verifiable = rounds.filter(({ chain, previous_signature: previous }) => chain === 'quicknet' || previous !== null);

  const verifies = ({ chain, round, signature, previous_signature: previous }: Recorded) =>
    verifyBeaconEntry(bls, NETWORKS[chain] ?? expect.fail(chain), { round: BigInt(round), data: fromHex(signature) }, fromHex(previous ?? ''));

  it('54 of 81 verify; of 27 the predecessor is not known', () => {
    const found: Record<string, number> = { incentinet: 0, mainnet: 0, quicknet: 0, unknown: rounds.length - verifiable.length };
    for (const round of verifiable) {
      expect(verifies(round)).toBe(true);
      found[round.chain] = (found[round.chain] ?? 0) + 1;
    }
    expect(found).toEqual({ incentinet: 31, mainnet: 13, quicknet: 10, unknown: 27 });
  });

  it('no round verifies under another number, another predecessor, another signature or another network', () => {
    const other: Record<string, string> = { incentinet: 'mainnet', mainnet: 'incentinet', quicknet: 'mainnet' };
    const refused = { number: 0, predecessor: 0, signature: 0, network: 0 };
    for (const chain of Object.keys(NETWORKS)) {
      const [a, b] = verifiable.filter((round) => round.chain === chain && round.round > 4) as [Recorded, Recorded];
      expect(verifies(a)).toBe(true);
      refused.number += Number(!verifies({ ...a, round: a.round + 1 }));
      refused.signature += Number(!verifies({ ...a, signature: b.signature }));
      refused.network += Number(!verifies({ ...a, chain: other[chain] ?? '' }));
      if (chain === 'quicknet') expect(verifies({ ...a, previous_signature: b.signature })).toBe(true);
      else refused.predecessor += Number(!verifies({ ...a, previous_signature: b.signature }));
    }
    expect(refused).toEqual({ number: 3, predecessor: 2, signature: 3, network: 3 });
  });
});
