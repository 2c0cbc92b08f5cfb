/**
 * A disk under a process that may die: what was acknowledged stays; of the batch in flight all is there or nothing, by
 * the seed.
 */

import type { SeededRandom } from '../../src/devnet/setting/seed.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
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

/** How a batch fails, as a disk that is broken or full tells it; with `written` it is there all the same. */
const REFUSALS = ['EIO', 'ENOSPC', 'written'] as const;
/** Batches that fail one after another: a runtime takes up again after a few, and ends after seven. */
const STRETCHES = [1, 1, 2, 9];

const refusals = new WeakSet<object>();

/** Whether it is what a failing disk said, or what came of that. */
export function isOfDisk(error: unknown): boolean {
  for (let cause = error; typeof cause === 'object' && cause !== null; cause = (cause as Error).cause) if (refusals.has(cause)) return true;
  return false;
}

/** A disk whose batches fail now and then while things may go wrong: `rate` of them, and some that follow. */
export function failingDisk(disk: Disk, random: SeededRandom, rate: number, mayFail: () => boolean): Disk {
  let left = 0;
  let how: (typeof REFUSALS)[number] = 'EIO';
  const isRefused = (): boolean => {
    if (!mayFail()) {
      left = 0;
      return false;
    }
    if (left === 0 && random.chance(rate)) [left, how] = [random.pick(STRETCHES), random.pick(REFUSALS)];
    if (left === 0) return false;
    left--;
    return true;
  };
  return {
    async open(life) {
      const store = await disk.open(life);
      if (life === null) return store;
      return {
        ...store,
        async write(ops) {
          const fails = isRefused();
          if (!fails || how === 'written') await store.write(ops);
          if (!fails) return;
          const refusal = new Error(`${how === 'written' ? 'EIO' : how}: the disk says no`);
          refusals.add(refusal);
          throw refusal;
        },
      };
    },
  };
}

/** Microtasks that a batch of a busy disk takes at most before it is there. */
const BUSY_MAX = 40;

export interface Beside {
  /** Somebody else flushes. */
  readonly flush: () => void;
  /** These are on their way to the disk, and the store does not have them yet. */
  readonly underway: (ops: readonly StoreOp[]) => void;
}

/**
 * A disk that takes its time, and beside which somebody else asks for a flush at any moment, as retention does: after
 * `rate` of all that is read and written.
 */
export function busyDisk(disk: Disk, random: SeededRandom, rate: number, { flush, underway }: Beside): Disk {
  const touched = (): void => {
    if (random.chance(rate)) void idle(random.below(BUSY_MAX)).then(flush);
  };
  return {
    async open(life) {
      const store = await disk.open(life);
      if (life === null || rate === 0) return store;
      return {
        ...store,
        get(key) {
          touched();
          return store.get(key);
        },
        async write(ops) {
          touched();
          await idle(random.below(BUSY_MAX));
          underway(ops);
          await store.write(ops);
        },
        range(from, to) {
          touched();
          return store.range(from, to);
        },
      };
    },
  };
}

async function idle(microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left--) await undefined;
}

/** Batches that a lazy disk may hold back. */
const HELD_BACK = 8;

/**
 * A broken one, which acknowledges a batch before it is written: a death loses the last few, and the anchor with them.
 */
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
