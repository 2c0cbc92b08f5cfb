/** The devnet's whole chain, audited by a pool of workers: the same as by one thread. */

import { describe, expect, it } from 'vitest';
import { type AuditRun, isFast, runAudit } from './fixtures/audit-run.ts';
import { DEVNET_CAR, DEVNET_NETWORK, networkOf } from './fixtures/devnet.ts';

const to = isFast ? undefined : 120;

describe(isFast ? 'devnet-2k by a pool' : 'devnet-2k by a pool (120 epochs of 368, as BLS runs in JavaScript)', () => {
  const run = (threads: number): Promise<AuditRun> => runAudit(DEVNET_CAR, { network: () => networkOf(DEVNET_NETWORK), to, threads });

  it('of two and of three workers: the same reports in the same order', async () => {
    const alone = await run(1);
    for (const threads of [2, 3]) {
      const pooled = await run(threads);
      expect(pooled.blocks).toEqual(alone.blocks);
      expect(pooled.summary).toEqual(alone.summary);
    }
  });
});
