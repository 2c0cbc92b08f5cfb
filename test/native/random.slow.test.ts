/**
 * 10,000 random calls answered alike by both makes, all of them by both; one to two minutes of JavaScript on an idle
 * machine. Then 2,000 signatures of the addon against itself.
 */

import { describe, expect, test } from 'vitest';
import { nobleBls } from '../../src/consensus/signatures/noble.ts';
import { Dice, randomCases } from '../contract/bls-random.ts';
import { nativeOrReason } from './native-or-reason.ts';

const { native, reason } = nativeOrReason();

describe.skipIf(native === null)(native === null ? `random cases (skipped: ${reason})` : 'random cases', () => {
  test('10,000 of them: native and noble say the same', () => {
    if (native === null) throw new Error(reason);
    const noble = nobleBls();
    const seen = new Map<string, number>();
    for (const { kind, answer } of randomCases('slow', 10_000, native)) {
      const ours: string = answer(native);
      const theirs: string = answer(noble);
      if (ours !== theirs) expect.fail(`${kind}: native says ${ours}, noble ${theirs}`);
      const sort = ours === 'true' || ours === 'false' ? ours : ours.startsWith('refused') ? 'refused' : 'bytes';
      seen.set(sort, (seen.get(sort) ?? 0) + 1);
    }
    for (const sort of ['true', 'false', 'refused', 'bytes']) expect(seen.get(sort) ?? 0, sort).toBeGreaterThan(400);
  });

  test('2,000 signatures verify one by one and together, and not with one bit changed', () => {
    if (native === null) throw new Error(reason);
    const dice = new Dice('native alone');
    for (let i = 0; i < 100; i++) {
      const batch = Array.from({ length: 20 }, () => {
        const key = native.keygen(dice.bytes(32));
        const message = dice.bytes(1 + dice.below(64));
        return { publicKey: native.publicKey(key), message, signature: native.sign(key, message) };
      });
      expect(batch.every((signed) => native.verify(signed))).toBe(true);
      expect(native.verifyBatch(batch)).toBe(true);
      const at = dice.below(20);
      const { publicKey, message, signature } = batch[at] ?? { publicKey: dice.bytes(48), message: dice.bytes(1), signature: dice.bytes(96) };
      const changed = { publicKey, message: message.with(0, (message[0] ?? 0) ^ 1), signature };
      expect([native.verify(changed), native.verifyBatch(batch.with(at, changed))]).toEqual([false, false]);
    }
  });
});
