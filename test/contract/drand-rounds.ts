/**
 * Recorded drand rounds with what each signs (docs/protocol.md 2.15); a chained round whose predecessor is not recorded
 * cannot be checked.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SignedDigest } from '../../src/consensus/signatures/bls.ts';

export interface DrandRounds {
  /** Keys in G1, signatures in G2: incentinet and mainnet. */
  readonly chained: readonly SignedDigest[];
  /** Keys in G2, signatures in G1: quicknet. */
  readonly unchained: readonly SignedDigest[];
  readonly unknowable: number;
}

interface Recording {
  readonly chains: Readonly<Record<string, { readonly public_key: string; readonly schemeID: string }>>;
  readonly rounds: readonly { readonly chain: string; readonly round: number; readonly signature: string; readonly previous_signature: string | null }[];
}

/** Reads `drand.json`. */
export function drandRounds(path: string): DrandRounds {
  const { chains, rounds }: Recording = JSON.parse(readFileSync(path, 'utf8'));
  const found = { chained: [] as SignedDigest[], unchained: [] as SignedDigest[], unknowable: 0 };
  for (const { chain, round, signature, previous_signature: previous } of rounds) {
    const { public_key, schemeID } = chains[chain] ?? { public_key: '', schemeID: chain };
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(round));
    const of = (before: string) => ({
      publicKey: fromHex(public_key),
      message: Uint8Array.from(createHash('sha256').update(fromHex(before)).update(number).digest()),
      signature: fromHex(signature),
    });
    if (schemeID === 'bls-unchained-g1-rfc9380') found.unchained.push(of(''));
    else if (schemeID !== 'pedersen-bls-chained') throw new Error(`scheme ${schemeID} is not one of docs/protocol.md 2.15`);
    else if (previous === null) found.unknowable++;
    else found.chained.push(of(previous));
  }
  return found;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
