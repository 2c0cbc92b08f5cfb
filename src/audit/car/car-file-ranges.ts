/**
 * Cuts a CAR file into ranges of whole sections while it is read, and has each checked as soon as it can be: here, or
 * in workers several at once.
 */

import { MineOneError } from '../../errors/mineone-error.ts';
import { type CarRange, type RangeReport, verifySections } from './car-file-verify.ts';

export interface RangeOptions {
  /** Checks the blocks of a range, in this thread by default; a pool calls {@link verifySections} in its workers. */
  readonly verify?: ((range: CarRange) => Promise<RangeReport>) | undefined;
  /** How many ranges may be out at once; 1 by default. */
  readonly verifyConcurrency?: number | undefined;
}

export interface Ranges {
  /** A section begins here: what lies before it may be a range. */
  reach(offset: number): void;
  /** The sections end here. */
  end(offset: number): void;
  /** Waits until another range may be sent out; throws what was found wrong so far. */
  room(): Promise<void>;
  /** Waits for all of them; throws what is wrong at the lowest offset. */
  settle(): Promise<Pick<RangeReport, 'blocks' | 'unknownHash' | 'headers'>>;
}

/** About 0.2 s of hashing. */
const RANGE_LENGTH = 4 * 1024 * 1024;

export function rangesOf(path: string, { verify = async (range) => verifySections(range), verifyConcurrency = 1 }: RangeOptions): Ranges {
  const sum = { blocks: 0, unknownHash: 0, headers: 0 };
  const running = new Set<Promise<void>>();
  const failures: { readonly offset: number; readonly error: unknown }[] = [];
  let from: number | null = null;

  function send(range: CarRange): void {
    const checked = verify(range)
      .then(({ blocks, unknownHash, headers, firstError }) => {
        sum.blocks += blocks;
        sum.unknownHash += unknownHash;
        sum.headers += headers;
        if (firstError !== null) failures.push({ offset: firstError.offset, error: new MineOneError(firstError.code, firstError.message) });
      })
      .catch((error: unknown) => void failures.push({ offset: range.from, error }))
      .finally(() => running.delete(checked));
    running.add(checked);
  }

  async function settle(): Promise<typeof sum> {
    await Promise.all(running);
    const first = failures.sort((a, b) => a.offset - b.offset)[0];
    if (first !== undefined) throw first.error;
    return sum;
  }

  return {
    reach(offset) {
      from ??= offset;
      if (offset - from < RANGE_LENGTH) return;
      send({ path, from, to: offset });
      from = offset;
    },
    end(offset) {
      if (from !== null) send({ path, from, to: offset });
    },
    async room() {
      while (running.size >= verifyConcurrency) await Promise.race(running);
      if (failures.length > 0) await settle();
    },
    settle,
  };
}
