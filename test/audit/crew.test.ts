/**
 * Whoever judges, one thread or several, the reports are the same and come in the order of epochs; and what was begun
 * can be ended.
 */

import { describe, expect, it } from 'vitest';
import { openAudit } from '../../src/audit/audit.ts';
import type { StretchReport } from '../../src/audit/report/block-report.ts';
import { networkOption } from '../../src/cli/options/network-option.ts';
import { DEVNET_CAR, DEVNET_NETWORK } from './fixtures/devnet.ts';

/** Enough for several stretches whatever the make of BLS; few blocks of them are judged. */
const RANGE = { from: 1, to: 150 };
const MINERS = ['f01002'];

async function opened(threads: number, signal?: AbortSignal) {
  return openAudit(DEVNET_CAR, { network: networkOption(DEVNET_NETWORK), ...RANGE, miners: MINERS, threads, signal });
}

async function reportsBy(threads: number): Promise<readonly StretchReport[]> {
  const audit = await opened(threads);
  const reports: StretchReport[] = [];
  for await (const report of audit.reports()) reports.push(report);
  await audit.close();
  return reports;
}

describe('the crew of an audit', () => {
  it('gives the same reports in the same order by one thread and by three', { timeout: 120_000 }, async () => {
    const [alone, together] = [await reportsBy(1), await reportsBy(3)];
    expect(alone.length).toBeGreaterThan(4);
    expect(together).toEqual(alone);
    const epochs = together.flatMap(({ blocks }) => blocks.map(({ epoch }) => epoch));
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
  });
  it.each([1, 3])('of %i stops between two stretches when it is told to', { timeout: 120_000 }, async (threads) => {
    const stop = new AbortController();
    const audit = await opened(threads, stop.signal);
    const seen: StretchReport[] = [];
    await expect(async () => {
      for await (const report of audit.reports()) {
        seen.push(report);
        stop.abort();
      }
    }).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toHaveLength(1);
    await audit.close();
  });
});
