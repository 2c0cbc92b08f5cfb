/** Roots of a source as heads: one tipset, or several of which one is the chain's. */

import type { GetBlock } from '../../chain/ipld/block-store.ts';
import type { TipsetKey } from '../../chain/tipset.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { blockAt, type HeaderAt } from './block-at.ts';

export interface SourceHeads {
  /** Where the walk begins. */
  readonly main: TipsetKey;
  /** Tipsets that stand beside the chain: each is judged on its own base. */
  readonly beside: readonly TipsetKey[];
}

/**
 * Blocks of one height on the same parents belong together; the chain is that of most blocks, the first named of
 * equals. Throws `CHAIN_HEAD_MISSING` and `CHAIN_HEADER` where no root is a header.
 */
export function sourceHeads(get: GetBlock, roots: TipsetKey): SourceHeads {
  const read = unique(roots).map((cid) => blockAt(get, cid));
  const groups = new Map<string, HeaderAt[]>();
  for (const block of read) {
    if (block.header === null) continue;
    const place = `${block.header.height} ${block.header.parents.join()}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [block]);
    else group.push(block);
  }
  const [main, ...beside] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  if (main === undefined)
    throw noHead(
      read.find((block) => block.header === null && block.error !== null),
      roots,
    );
  const rest = read.filter(({ header }) => header === null);
  return { main: [...main, ...rest].map(({ cid }) => cid), beside: beside.map((blocks) => blocks.map(({ cid }) => cid)) };
}

export function unique(key: TipsetKey): TipsetKey {
  return [...new Map(key.map((cid) => [cid.toString(), cid])).values()];
}

function noHead(odd: ReturnType<typeof blockAt> | undefined, roots: TipsetKey): MineOneError {
  if (odd?.header === null && odd.error !== null) return new MineOneError('CHAIN_HEADER', odd.error.message);
  return new MineOneError('CHAIN_HEAD_MISSING', `no block of the head {${roots.join(', ')}} is in the source; is it a chain snapshot?`);
}
