/** Every block of a real Lotus chain passes the devnet's own judgement. */

import { expect, test } from 'vitest';
import { rejectionOf } from '../../src/devnet/rejection.ts';
import { recordedJudge } from './fixtures/recorded-judge.ts';

test('581 blocks of Lotus pass', { timeout: 240_000 }, async () => {
  const { blocks, judgeAt } = await recordedJudge();
  const judge = judgeAt(4_000_000_000n);
  expect(blocks.flatMap(({ header }) => rejectionOf(judge, header) ?? [])).toEqual([]);
  expect(blocks).toHaveLength(581);
});
