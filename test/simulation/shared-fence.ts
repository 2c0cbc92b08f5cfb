/** The fence of several instances: all three checks in one step, idempotent by CID; its answer may be lost, after it was given or before. */

import { idOf, parseAddress } from '../../src/chain/address.ts';
import { tipsetKeyText } from '../../src/chain/tipset.ts';
import type { SeededRandom } from '../../src/devnet/setting/seed.ts';
import { checkSlashFilter, type OwnBlock } from '../../src/mining/slash-filter.ts';
import type { Fence } from '../../src/ports/fence.ts';

/** `unsure`: share of the claims whose answer is lost. */
export function sharedFence(random: SeededRandom, unsure: () => number): Fence {
  const rows = new Map<string, OwnBlock>();
  return {
    async claim({ miner, epoch, parents, baseHeight, cid }) {
      const id = idOf(parseAddress(miner));
      const [lost, heard] = [random.next() < unsure(), random.chance(0.5)];
      if (lost && !heard) return { verdict: 'unknown' };
      const block = { cid, epoch, parents };
      const own = {
        atEpoch: (at: number) => rows.get(`${id}/${at}`),
        onParents: (key: typeof parents) => rows.get(`${id}/${tipsetKeyText(key)}`),
        after: (at: number) => laterThan(at),
      };
      const laterThan = (at: number): OwnBlock | undefined =>
        Array.from({ length: 10 }, (_, i) => rows.get(`${id}/${at + 1 + i}`)).find((row) => row !== undefined);
      const verdict = checkSlashFilter(own, block, baseHeight);
      if (verdict.verdict === 'pass') {
        rows.set(`${id}/${epoch}`, block);
        rows.set(`${id}/${tipsetKeyText(parents)}`, block);
      }
      if (lost) return { verdict: 'unknown' };
      return verdict.verdict === 'pass' ? { verdict: 'granted', cid } : { verdict: 'conflict', kind: verdict.fault, by: `${verdict.witness}` };
    },
  };
}
