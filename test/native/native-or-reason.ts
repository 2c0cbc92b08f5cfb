/**
 * The addon's make for tests, or why there is none; where CI says that it must be there (MINEONE_REQUIRE_NATIVE=1), its
 * absence is an error.
 */

import { loadBls } from '../../native/bls.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';

export interface NativeOrReason {
  readonly native: Bls | null;
  readonly reason: string;
}

export function nativeOrReason(): NativeOrReason {
  try {
    return { native: loadBls('native').bls, reason: '' };
  } catch (error) {
    if (process.env['MINEONE_REQUIRE_NATIVE'] === '1') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`skipped: native BLS: ${reason}`);
    return { native: null, reason };
  }
}
