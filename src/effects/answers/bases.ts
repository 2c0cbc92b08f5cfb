/**
 * What heads that were seen say of themselves: a base is known again by the CIDs of its blocks, also when it has lost
 * some of them since.
 */

import { toHex } from '../../chain/encoding/bytes.ts';
import { firstBlock, type Tipset } from '../../chain/tipset.ts';
import type { KnownBase } from '../../mining/own-block.ts';
import type { Head } from '../../mining/round.ts';

export interface KnownBases {
  see(tipset: Tipset): void;
  /** `null` for one that was not seen, or too long ago. */
  of(base: Head): KnownBase | null;
}

/** Heads of the last hour, and more. */
const KEPT = 256;

export function knownBases(): KnownBases {
  const bases = new Map<string, KnownBase>();
  return {
    see(tipset) {
      const { parentBaseFee, parentWeight } = firstBlock(tipset);
      const base = { height: tipset.height, baseFee: parentBaseFee, weight: parentWeight };
      for (const { bytes } of tipset.key) {
        bases.set(toHex(bytes), base);
        if (bases.size > KEPT) bases.delete(bases.keys().next().value as string);
      }
    },
    of: ({ blocks: [block] }) => (block === undefined ? null : (bases.get(toHex(block.cid)) ?? null)),
  };
}
