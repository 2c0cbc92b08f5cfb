/** A disk under a process that may die: what was acknowledged stays; of the batch in flight all is there or nothing, by the seed. */

import type { SeededRandom } from '../../src/devnet/seed.ts';
import { memoryStore } from '../../src/journal/memory-store.ts';
import type { Store, StoreOp } from '../../src/ports/store.ts';
import { type Life, never } from './life.ts';

export interface Disk {
  /** The disk as this process has it; `null` for whoever looks at it when all is over. */
  open(life: Life | null): Promise<Store>;
}

export type MakeDisk = (random: SeededRandom) => Disk;

export function syncedDisk(random: SeededRandom): Disk {
  const kept = memoryStore();
  return {
    async open(life) {
      if (life === null) return kept;
      return {
        ...kept,
        async write(ops) {
          life.step();
          const isDead = !life.isAlive();
          if (!isDead || random.chance(0.5)) await kept.write(ops);
          if (isDead) return never();
          life.step();
          return life.isAlive() ? undefined : never();
        },
        setAnchor: (bytes) => void (life.isAlive() && kept.setAnchor(bytes)),
      };
    },
  };
}

/** Batches that a lazy disk may hold back. */
const HELD_BACK = 8;

/** A broken one, which acknowledges a batch before it is written: a death loses the last few, and the anchor with them. */
export function lazyDisk(random: SeededRandom): Disk {
  const kept = memoryStore();
  let waiting: { readonly ops: readonly StoreOp[]; anchor: Uint8Array | undefined }[] = [];
  const settle = async (count: number): Promise<void> => {
    for (const { ops, anchor } of waiting.splice(0, count)) {
      await kept.write(ops);
      if (anchor !== undefined) kept.setAnchor(anchor);
    }
  };
  return {
    async open(life) {
      // What the process before was told was there, and is not; nobody died before the last look.
      await settle(life === null ? waiting.length : random.below(waiting.length + 1));
      waiting = [];
      const seen = memoryStore();
      for await (const [key, value] of kept.range(Uint8Array.of(), Uint8Array.of(0xff))) await seen.write([{ type: 'put', key, value }]);
      const anchor = kept.anchor();
      if (anchor !== undefined) seen.setAnchor(anchor);
      if (life === null) return seen;
      return {
        ...seen,
        async write(ops) {
          life.step();
          if (!life.isAlive()) return never();
          await seen.write(ops);
          waiting.push({ ops, anchor: undefined });
          await settle(Math.max(0, waiting.length - HELD_BACK));
          life.step();
          return life.isAlive() ? undefined : never();
        },
        setAnchor(bytes) {
          seen.setAnchor(bytes);
          const last = waiting.at(-1);
          if (last !== undefined) last.anchor = bytes;
        },
      };
    },
  };
}
