/**
 * Both makes of BLS under one contract. Without a built addon its half is skipped with the reason, unless
 * MINEONE_REQUIRE_NATIVE=1.
 */

import { expect, it } from 'vitest';
import { nobleBls } from '../../src/consensus/signatures/noble.ts';
import { blsContract } from '../contract/bls-contract.ts';
import { nativeOrReason } from './native-or-reason.ts';

const { native, reason } = nativeOrReason();

blsContract('noble', nobleBls);

if (native !== null) blsContract('native', () => native);
it.skipIf(native === null)(native === null ? `native (skipped: ${reason})` : 'the addon is there and is held to the contract', () =>
  expect(native?.name).toBe('native'),
);
