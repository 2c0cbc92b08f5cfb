/**
 * What every make of the fence port holds: src/ports/fence.ts in tests. Two handles of one fence, as two instances with
 * the same keys have them.
 */

import { describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { type CID, cidOf } from '../../src/chain/encoding/cid.ts';
import { fenceAnswers } from '../../src/effects/answers/fence.ts';
import type { Fence, FenceClaim, FenceVerdict } from '../../src/ports/fence.ts';
import { expectEnded, NEVER } from './port-failure.ts';

export interface FenceRig {
  readonly handles: readonly [Fence, Fence];
}

/** From now on no answer comes back, or all do. */
export interface SharedFenceRig extends FenceRig {
  readonly lose: (isLost: boolean) => void;
}

/** `alone`: the fence of one instance, whose own journal has decided before it asks; it grants whatever it is asked. */
export type FenceMake =
  | { readonly name: string; readonly kind: 'alone'; open(): FenceRig | Promise<FenceRig> }
  | { readonly name: string; readonly kind: 'shared'; open(): SharedFenceRig | Promise<SharedFenceRig> };

type OpenShared = Extract<FenceMake, { readonly kind: 'shared' }>['open'];

const cid = (name: string): CID => cidOf(fromUtf8(name));

/** A block `a` of epoch 100 on the tipset of epoch 99, or another one. */
const claimOf = (name = 'a', change: Partial<FenceClaim> = {}): FenceClaim => ({
  miner: 'f01000',
  epoch: 100,
  parents: [cid('base')],
  baseHeight: 99,
  cid: cid(name),
  ...change,
});

const ask = async (fence: Fence, claim: FenceClaim): Promise<FenceVerdict> => fenceAnswers.claim(await fence.claim(claim, NEVER), 'claim');
const granted = ({ cid }: FenceClaim): FenceVerdict => ({ verdict: 'granted', cid });

/** Blocks that are a fault beside block `a`. */
const FAULTS: readonly (readonly [kind: string, what: string, claim: FenceClaim])[] = [
  ['double-fork', 'of the same epoch', claimOf('b', { parents: [cid('other base')] })],
  ['double-fork', 'of the same epoch on the same parents', claimOf('b')],
  ['time-offset', 'of a later epoch on the same parents', claimOf('b', { epoch: 101 })],
  ['parent-grinding', 'on a tipset of its epoch that it is not in', claimOf('b', { epoch: 101, baseHeight: 100, parents: [cid('c')] })],
  ...[1, 10, 11, 99].map(
    (ago) => ['parent-grinding', `of ${ago} epochs before`, claimOf('b', { epoch: 100 - ago, baseHeight: 0, parents: [cid('old')] })] as const,
  ),
];

/** Blocks that are none. */
const FAIR: readonly (readonly [what: string, claim: FenceClaim])[] = [
  ['of the next epoch that stands on it', claimOf('b', { epoch: 101, baseHeight: 100, parents: [cid('c'), cid('a')] })],
  ['of a later epoch on a base without a block of ours', claimOf('b', { epoch: 103, baseHeight: 102, parents: [cid('c')] })],
  ['of another miner, the same epoch and parents', claimOf('b', { miner: 'f01001' })],
];

export function fenceContract(make: FenceMake): void {
  const { name, open } = make;
  describe(`the ${name} fence`, () => {
    it('grants a first claim, and the same block as often as it is claimed, by whoever', async () => {
      const { handles } = await open();
      for (const fence of [...handles, ...handles]) expect(await ask(fence, claimOf())).toEqual(granted(claimOf()));
    });

    it.for(FAIR)('grants beside it a block %s', async ([, claim]) => {
      const [one, other] = (await open()).handles;
      await ask(one, claimOf());
      expect(await ask(other, claim)).toEqual(granted(claim));
      expect(await ask(other, claimOf())).toEqual(granted(claimOf()));
    });

    it('claims nothing for a signal that is aborted', async () => {
      const [one, other] = (await open()).handles;
      await expectEnded((signal) => one.claim(claimOf(), signal));
      expect(await ask(other, claimOf('b'))).toEqual(granted(claimOf('b')));
    });

    if (make.kind === 'shared') {
      conflicts(make.open);
      races(make.open);
    } else {
      it.for(FAULTS)('grants what is a %s elsewhere too: bind has refused a block %s', async ([, , claim]) => {
        const [one, other] = (await open()).handles;
        await ask(one, claimOf());
        expect(await ask(other, claim)).toEqual(granted(claim));
      });
    }
  });
}

function conflicts(open: OpenShared): void {
  it.for(FAULTS)('refuses as %s a block %s, from either side, and tells of the first', async ([fault, , claim]) => {
    const [one, other] = (await open()).handles;
    await ask(one, claimOf());
    for (const fence of [other, one]) expect(await ask(fence, claim)).toEqual({ verdict: 'conflict', kind: fault, by: expect.stringMatching(/\S/) });
  });

  it('keeps nothing of what it refused', async () => {
    const [one, other] = (await open()).handles;
    await ask(one, claimOf());
    await ask(other, claimOf('b', { epoch: 101 }));
    const fair = claimOf('c', { epoch: 101, baseHeight: 100, parents: [cid('a')] });
    expect(await ask(one, fair)).toEqual(granted(fair));
    expect(await ask(other, claimOf())).toEqual(granted(claimOf()));
  });

  it('grants a block again after later ones were granted, and no other of its epoch', async () => {
    const [one, other] = (await open()).handles;
    const chain = Array.from({ length: 20 }, (_, i) => claimOf(`own ${i}`, { epoch: 100 + i, baseHeight: 99 + i, parents: [cid(`own ${i - 1}`)] }));
    for (const claim of chain) expect(await ask(one, claim)).toEqual(granted(claim));
    for (const claim of chain) expect(await ask(other, claim)).toEqual(granted(claim));
    for (const claim of chain) expect(await ask(other, { ...claim, cid: cid('other') })).toMatchObject({ verdict: 'conflict', kind: 'double-fork' });
  });
}

function races(open: OpenShared): void {
  it('grants one of many that are claimed at once', async () => {
    const { handles } = await open();
    const claims = Array.from({ length: 8 }, (_, i) => claimOf(`block ${i}`));
    const verdicts = await Promise.all(claims.map((claim, i) => ask(handles[i % 2] as Fence, claim)));
    expect(verdicts.filter(({ verdict }) => verdict === 'granted')).toHaveLength(1);
    expect(verdicts.filter((said) => said.verdict === 'conflict' && said.kind === 'double-fork')).toHaveLength(7);
  });

  it('whose answer is lost is asked again: the same block is granted, or has been, and another is not', async () => {
    const { handles, lose } = await open();
    const [one, other] = handles;
    for (let epoch = 100; epoch < 120; epoch++) {
      const claim = claimOf(`block ${epoch}`, { epoch, baseHeight: epoch - 1, parents: [cid(`block ${epoch - 1}`)] });
      lose(true);
      expect(await ask(one, claim)).toEqual({ verdict: 'unknown' });
      lose(false);
      expect(await ask(one, claim)).toEqual(granted(claim));
      expect(await ask(other, { ...claim, cid: cid('other') })).toMatchObject({ verdict: 'conflict', kind: 'double-fork' });
    }
  });
}
