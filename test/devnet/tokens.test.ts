/** Execution: no token is made or lost, nonces count what was sent, and who cannot pay does not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFromBytes, idOf } from '../../src/chain/address.ts';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import type { CID } from '../../src/chain/encoding/cid.ts';
import { HAMT_V3, hamtEntries } from '../../src/chain/ipld/hamt.ts';
import { resolveAddress } from '../../src/chain/state/init.ts';
import { type Actor, getActor, openStateTree } from '../../src/chain/state/state-tree.ts';
import { uniqueMessages } from '../../src/consensus/validation/block-messages.ts';
import type { Devnet } from '../../src/devnet/devnet.ts';
import { BURNT_ID } from '../../src/devnet/state/codes.ts';
import { chainOf, minedDevnet } from './fixtures/mined.ts';

function actorsOf({ view }: Devnet, root: CID): ReadonlyMap<bigint, Actor> {
  const tree = openStateTree(view.get, root);
  const ids = [...hamtEntries(view.get, tree.actorsRoot, HAMT_V3)].map(([key]) => idOf(addressFromBytes(key)));
  return new Map(ids.map((id) => [id, getActor(tree, id) as Actor]));
}

function tokensIn(devnet: Devnet, root: CID): bigint {
  return [...actorsOf(devnet, root).values()].reduce((sum, { balance }) => sum + balance, 0n);
}

function rootsOf(devnet: Devnet): readonly CID[] {
  return chainOf(devnet).map(({ blocks }) => (blocks[0] as BlockHeader).parentStateRoot);
}

describe('tokens', () => {
  it('are as many in every state of any devnet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 40 }), async (seed, traffic) => {
        const mined = minedDevnet({ seed, traffic, miners: 1, rivals: [{}] });
        await mined.run(1, 5);
        const sums = new Set(rootsOf(mined.devnet).map((root) => tokensIn(mined.devnet, root)));
        expect(sums.size).toBe(1);
        for (const root of rootsOf(mined.devnet)) for (const { balance } of actorsOf(mined.devnet, root).values()) expect(balance >= 0n).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  it('are burnt and earned as messages pay', async () => {
    const mined = minedDevnet({ traffic: 20 });
    await mined.run(1, 6);
    const roots = rootsOf(mined.devnet);
    const [first, last] = [actorsOf(mined.devnet, roots[0] as CID), actorsOf(mined.devnet, roots.at(-1) as CID)];
    const gained = (id: bigint): bigint => (last.get(id)?.balance ?? 0n) - (first.get(id)?.balance ?? 0n);
    expect(gained(BURNT_ID)).toBeGreaterThan(0n);
    for (const id of [1000n, 1001n]) expect(gained(id)).toBeGreaterThan(0n);
  });
});

describe('nonces', () => {
  it('count the messages of the chain, each sender for itself', async () => {
    const mined = minedDevnet({ traffic: 20 });
    await mined.run(1, 6);
    const { devnet } = mined;
    const chain = chainOf(devnet);
    const sent = new Map<bigint, bigint>();
    const [first] = rootsOf(devnet);
    const tree = openStateTree(devnet.view.get, first as CID);
    for (const tipset of chain.slice(0, -1)) {
      for (const { from, nonce } of uniqueMessages(devnet.view.get, tipset)) {
        const id = resolveAddress(tree, from) as bigint;
        sent.set(id, nonce + 1n > (sent.get(id) ?? 0n) ? nonce + 1n : (sent.get(id) as bigint));
      }
    }
    const last = actorsOf(devnet, rootsOf(devnet).at(-1) as CID);
    expect(sent.size).toBeGreaterThan(5);
    for (const [id, nonce] of sent) expect(last.get(id)?.nonce).toBe(nonce);
  });
});
