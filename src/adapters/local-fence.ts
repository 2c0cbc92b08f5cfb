/** The fence of an instance that is alone: bind has decided already, so every claim is granted. */

import type { Fence } from '../ports/fence.ts';

export function localFence(): Fence {
  return {
    async claim({ cid }, signal) {
      signal.throwIfAborted();
      return { verdict: 'granted', cid };
    },
  };
}
