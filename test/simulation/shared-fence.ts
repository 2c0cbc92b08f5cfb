/**
 * The fence of several instances: all three checks in one step, idempotent by CID; its answer may be lost, after it was
 * given or before.
 */

import { idOf, parseAddress } from '../../src/chain/address.ts';
import type { Epoch } from '../../src/chain/epoch.ts';
import { tipsetKeyText } from '../../src/chain/tipset.ts';
import type { SeededRandom } from '../../src/devnet/setting/seed.ts';
import { checkSlashFilter, type OwnBlock, type OwnBlocks } from '../../src/mining/slash-filter.ts';
import type { Fence } from '../../src/ports/fence.ts';

/** What was granted to one miner. */
interface Granted {
  readonly epochs: Map<Epoch, OwnBlock>;
  readonly parents: Map<string, OwnBlock>;
}

/** `unsure`: share of the claims whose answer is lost. */
export function sharedFence(random: SeededRandom, unsure: () => number): Fence {
  const miners = new Map<bigint, Granted>();
  const grantedTo = (id: bigint): Granted => {
    const known = miners.get(id) ?? { epochs: new Map(), parents: new Map() };
    miners.set(id, known);
    return known;
  };
  return {
    async claim({ miner, epoch, parents, baseHeight, cid }, signal) {
      const [lost, heard] = [random.next() < unsure(), random.chance(0.5)];
      signal.throwIfAborted();
      if (lost && !heard) return { verdict: 'unknown' };
      const block = { cid, epoch, parents };
      const granted = grantedTo(idOf(parseAddress(miner)));
      const verdict = checkSlashFilter(ownBlocks(granted), block, baseHeight);
      if (verdict.verdict === 'pass') {
        granted.epochs.set(epoch, block);
        granted.parents.set(tipsetKeyText(parents), block);
      }
      if (lost) return { verdict: 'unknown' };
      return verdict.verdict === 'pass' ? { verdict: 'granted', cid } : { verdict: 'conflict', kind: verdict.fault, by: `${verdict.witness}` };
    },
  };
}

function ownBlocks({ epochs, parents }: Granted): OwnBlocks {
  return {
    atEpoch: (epoch) => epochs.get(epoch),
    onParents: (key) => parents.get(tipsetKeyText(key)),
    after: (epoch) => epochs.get(Math.min(...[...epochs.keys()].filter((later) => later > epoch))),
  };
}
