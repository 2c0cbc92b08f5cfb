/** Random calls answered alike by both makes: 150 here, 10,000 in random.slow.test.ts. */

import { describe, expect, test } from 'vitest';
import { nobleBls } from '../../src/consensus/signatures/noble.ts';
import { randomCases } from '../contract/bls-random.ts';
import { nativeOrReason } from './native-or-reason.ts';

const { native, reason } = nativeOrReason();

describe.skipIf(native === null)(native === null ? `random cases (skipped: ${reason})` : 'random cases', () => {
  test('150 of them: native and noble say the same', () => {
    if (native === null) throw new Error(reason);
    const noble = nobleBls();
    for (const { kind, answer } of randomCases('fast', 150, native)) expect(`${kind}: ${answer(native)}`).toBe(`${kind}: ${answer(noble)}`);
  });
});
