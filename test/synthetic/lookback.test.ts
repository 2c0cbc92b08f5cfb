/**
 * Lookbacks beyond genesis: a chain of more than 1,800 epochs across Assembly, where 10 epochs become 900
 * (docs/protocol.md 2.13, 4.3).
 */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { idOf } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import { validateBlock } from '../../src/consensus/validation/block-validation.ts';
import { claim, minimumPower } from '../../src/consensus/validation/election-checks.ts';
import { roundOf } from '../../src/consensus/validation/round.ts';
import { winningPostSeed } from '../../src/consensus/vrf.ts';
import { challengedSectorIndex, postRandomness } from '../../src/consensus/winning-post.ts';
import { lookbackFor, lookbackTipset } from './base-facts.ts';
import { ASSEMBLY, CALICO, FIRE_HORSE, lookbackChain, WORKER } from './lookback-chain.ts';
import { lookbackFrauds } from './lookback-frauds.ts';
import { auditMade } from './made/audit.ts';
import { minerIn } from './made/state.ts';
import { sampling } from './sampling.ts';
import { type SealedBlock, signedBlocks } from './sealed-block.ts';
import { challengeOf, judgeOf, wrongsOf } from './verdicts.ts';

const { bls } = loadBls();
const chain = lookbackChain(bls);
const judge = judgeOf(chain);
const honest = signedBlocks(chain);
const { sample, extent } = sampling(bls);

describe(`a chain that looks back 10, then 900 epochs${extent}`, () => {
  it('is long enough, and has states of three shapes', () => {
    expect(chain.head().height).toBeGreaterThan(1800);
    expect(honest.length).toBeGreaterThan(60);
    const versions = [0, 1000, 1001, FIRE_HORSE, FIRE_HORSE + 1].map((height) => judge.view.state(chain.at(height).afterRoot, height).tree.version);
    expect(versions).toEqual([0, 0, 1, 1, 5]);
  });

  it.for(sample(honest).map((block) => [block.header.height, Number(idOf(block.header.miner)), block] as const))(
    'has an honest block at %i of f0%i',
    ([, , block]) => {
      expect(wrongsOf(judge, block)).toEqual([]);
    },
  );
});

describe(`a block that looks elsewhere${extent}`, () => {
  it.for(sample(lookbackFrauds(chain)))('$what', ({ block, wrong }) => {
    expect(wrongsOf(judge, block())).toEqual(wrong);
  });
});

describe('the challenged sector', () => {
  it.for(honest.map((block) => [block.header.height, block] as const))('at %i is of the lookback state, by the rule of the base', ([height, block]) => {
    expect(challengeOf(judge, block)).toBe(challengedOf(block, height, isActiveOnly(height - 1)));
  });

  it('would be another one by another state or another rule', () => {
    const block = (epoch: number) => honest.find(({ header }) => header.height === epoch && idOf(header.miner) === BigInt(WORKER)) as SealedBlock;
    const due = (epoch: number) => challengeOf(judge, block(epoch));
    expect(challengedOf(block(2069), 2070, true)).not.toBe(due(2069));
    expect(challengedOf(block(2070), 2069, true)).not.toBe(due(2070));
    expect(challengedOf(block(CALICO + 1), CALICO + 1, true)).not.toBe(due(CALICO + 1));
    expect(challengedOf(block(CALICO + 2), CALICO + 2, false)).not.toBe(due(CALICO + 2));
  });
});

describe('null rounds as many as the lookback is long', () => {
  const base = chain.at(1100);
  const blockAt = (epoch: number) => ({ ...(honest[0] as SealedBlock).header, height: epoch, parents: base.tipset.key, parentStateRoot: base.afterRoot });

  it.for([
    [1999, 'ok'],
    [2000, 'wrong'],
  ] as const)('from Assembly on: claim is %s / %s', ([epoch, verdict]) => {
    const header = blockAt(epoch);
    const round = roundOf(judge, base.tipset, epoch, base.afterRoot);
    expect(validateBlock(round, blockCid(header), header, [claim, minimumPower]).map((result) => result.verdict.verdict)).toEqual([verdict, verdict]);
  });
});

describe('an audit of the chain in a file', () => {
  const from = bls.name === 'noble' ? 2097 : 990;

  it(`finds nothing wrong from ${from} on, and every state that it asks for`, { timeout: 120_000 }, async () => {
    const blocks = honest.filter(({ header }) => header.height >= from).length;
    expect(await auditMade(chain, from, chain.head().height)).toEqual({ blocks, wrong: [], notCheckable: [], instead: [] });
  });

  it('finds nothing wrong either where the lookback state is not in the file, and says which one it took', async () => {
    const found = await auditMade(chain, 1999, 2005, [chain.at(1100).afterRoot]);
    expect(found.wrong).toEqual([]);
    expect(found.instead).toContain('2000 election-vrf');
    expect(found.notCheckable).toContain('2000 win-count');
    expect(new Set([...found.instead, ...found.notCheckable].filter((name) => /^(1999|2005) /.test(name)))).toEqual(new Set(['2005 minimum-power']));
  });
});

/** From Calico on, at the base's height, sectors that are terminated or unproven do not count. */
function isActiveOnly(baseHeight: number): boolean {
  return chain.lastUpTo(baseHeight).height > CALICO;
}

/** The sector by plain sets, of the state that a block at `epoch` looks back to. */
function challengedOf({ header }: SealedBlock, epoch: number, activeOnly: boolean): bigint {
  const base = chain.lastUpTo(header.height - 1);
  const { after, height } = lookbackTipset(chain, base, epoch, lookbackFor(chain, epoch));
  // A state of actors v0 knows no unproven sectors.
  const proving = (minerIn(after, Number(idOf(header.miner)))?.partitions ?? []).flatMap(({ sectors, faults, unproven, terminated }) => {
    const without = [...faults, ...(activeOnly ? terminated : []), ...(activeOnly && height > ASSEMBLY ? unproven : [])];
    return sectors.filter((sector) => !without.includes(sector));
  });
  const drawn = header.beaconEntries.at(-1)?.data ?? base.entry.data;
  const randomness = postRandomness(winningPostSeed(drawn, header.height, header.miner));
  return BigInt(proving[Number(challengedSectorIndex(randomness, idOf(header.miner), BigInt(proving.length)))] as number);
}
