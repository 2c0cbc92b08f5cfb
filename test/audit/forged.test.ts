/**
 * A chain that a forger made on the real genesis: its first block names a state in which the miner's worker is the
 * forger's, and all blocks agree with that.
 */

import { describe, expect, it } from 'vitest';
import type { BlockReport } from '../../src/audit/report/block-report.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { mineone } from '../cli/run.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { runAudit, verdictOf } from './fixtures/audit-run.ts';

const { path, absent } = sharedData('found/mainnet-forged.car.gz');

describe.skipIf(absent)(suiteName('32 forged blocks on the genesis of mainnet', absent), () => {
  it('the state root of epoch 1 is wrong: genesis executes nothing, so its state stays', { timeout: 60_000 }, async () => {
    const { blocks, summary } = await runAudit(path, { network: () => MAINNET, to: 5, threads: 1 });
    const [first] = blocks as readonly [BlockReport];
    expect(first.epoch).toBe(1);
    const own = 'bafy2bzacech3yb7xlb7c57v2xh7rvmt4skeidk7z2g36llksaz4biflblbt24';
    expect(verdictOf(first, 'state-root')).toEqual({ verdict: 'wrong', expected: own, found: expect.stringMatching(/^bafy2bzaceaiwc5/) });
    // Who looks back to genesis is judged by genesis: its worker signed none of this.
    for (const block of blocks) expect(verdictOf(block, 'block-signature').verdict).toBe('wrong');
    expect(summary.wrongBlocks).toBe(blocks.length);
  });

  it('as the command says it: exit code 1, the state root of epoch 1 named, genesis itself right', { timeout: 120_000 }, async () => {
    const { code, stdout } = await mineone(['audit', path, '--to', '5']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Genesis bafy2bzacecnamqgq\w+: genesis-cid ok, genesis-form ok\.$/m);
    expect(stdout).toMatch(/^ +1 .* WRONG\n(?: +wrong .*\n)* +wrong {2}state-root: expected bafy2bzacech3yb7xlb\w+, found bafy2bzaceaiwc5\w+$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ of \d+ blocks are wrong; /);
  });
});
