/** A disk under a process that may die: what was acknowledged stays; of the batch in flight all is there or nothing, by the seed. */

import type { SeededRandom } from '../../src/devnet/seed.ts';
import { memoryStore } from '../../src/journal/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { type Life, NEVER } from './life.ts';

export interface Disk {
  /** The disk as this process has it. */
  open(life: Life): Store;
}

export type MakeDisk = (random: SeededRandom) => Disk;

export function syncedDisk(random: SeededRandom): Disk {
  const kept = memoryStore();
  return {
    open: (life) => ({
      ...kept,
      async write(ops) {
        life.step();
        const isDead = !life.isAlive();
        if (!isDead || random.chance(0.5)) await kept.write(ops);
        if (isDead) return NEVER;
        life.step();
        return life.isAlive() ? undefined : NEVER;
      },
      setAnchor: (bytes) => void (life.isAlive() && kept.setAnchor(bytes)),
    }),
  };
}
