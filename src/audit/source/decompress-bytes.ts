/** A queue of bytes over chunks of any size, for formats that are read piece by piece. */

import { concatBytes } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';

export interface ByteQueue {
  /** The next bytes without taking them: `length`, or fewer at the end. */
  peek(length: number): Promise<Uint8Array>;
  /** Exactly so many bytes; throws `SOURCE_TRUNCATED`. */
  take(length: number): Promise<Uint8Array>;
  /** Takes that many without holding them; throws `SOURCE_TRUNCATED`. */
  skip(length: number): Promise<void>;
  /** All that is left, chunk by chunk. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Lets go of the source, wherever it is. */
  close(): Promise<void>;
}

export function byteQueue(chunks: AsyncIterable<Uint8Array>): ByteQueue {
  const iterator = chunks[Symbol.asyncIterator]();
  let front: Uint8Array = new Uint8Array(0);
  let taken = 0;

  async function fill(length: number): Promise<boolean> {
    const whole = new Uint8Array(length);
    whole.set(front);
    let filled = front.length;
    while (filled < length) {
      const next = await iterator.next();
      if (next.done === true) break;
      const added = Math.min(next.value.length, length - filled);
      whole.set(next.value.subarray(0, added), filled);
      filled += added;
      front = added < next.value.length ? concatBytes(whole, next.value.subarray(added)) : whole.subarray(0, filled);
    }
    return filled === length;
  }

  function truncated(): MineOneError {
    return new MineOneError('SOURCE_TRUNCATED', `the compressed stream ends after ${taken + front.length} bytes, before its own end`);
  }

  function advance(length: number): Uint8Array {
    const bytes = front.subarray(0, length);
    front = front.subarray(length);
    taken += length;
    return bytes;
  }

  async function close(): Promise<void> {
    await iterator.return?.();
  }

  return {
    close,
    async peek(length) {
      if (front.length < length) await fill(length);
      return front.subarray(0, length);
    },
    async take(length) {
      if (front.length < length && !(await fill(length))) throw truncated();
      return advance(length);
    },
    async skip(length) {
      for (let left = length; left > 0; ) {
        if (front.length === 0 && !(await fill(1))) throw truncated();
        left -= advance(Math.min(left, front.length)).length;
      }
    },
    async *rest() {
      try {
        if (front.length > 0) yield advance(front.length);
        for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
      } finally {
        await close();
      }
    },
  };
}
