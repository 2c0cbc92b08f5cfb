/**
 * The node's own slash filter: remembers every block that was submitted to it, good or not, before it looks at it
 * (docs/protocol.md 2.14; the cassette's README).
 */

import { addressKey } from '../chain/address.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import type { CID } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { tipsetKeyText } from '../chain/tipset.ts';
import { checkSlashFilter, type OwnBlock } from '../mining/slash-filter.ts';
import { headerCid } from './chain/header-cid.ts';

export interface SlashMemory {
  /** The block with which this one would be a fault; `null`, and remembered, when it is none. */
  mined(header: BlockHeader, baseHeight: Epoch): CID | null;
  clear(): void;
  forgetBelow(height: Epoch): void;
}

export function slashMemory(): SlashMemory {
  const epochs = new Map<string, OwnBlock>();
  const parents = new Map<string, OwnBlock>();
  return {
    mined(header, baseHeight) {
      const miner = addressKey(header.miner);
      const block: OwnBlock = { cid: headerCid(header), epoch: header.height, parents: header.parents };
      const own = {
        atEpoch: (epoch: Epoch) => epochs.get(`${miner}/${epoch}`),
        onParents: (key: BlockHeader['parents']) => parents.get(`${miner}/${tipsetKeyText(key)}`),
      };
      const verdict = checkSlashFilter(own, block, baseHeight);
      if (verdict.verdict === 'fault') return verdict.witness;
      epochs.set(`${miner}/${header.height}`, block);
      parents.set(`${miner}/${tipsetKeyText(header.parents)}`, block);
      return null;
    },
    clear() {
      epochs.clear();
      parents.clear();
    },
    forgetBelow(height) {
      for (const [key, { epoch }] of epochs) if (epoch < height) epochs.delete(key);
      for (const [key, { epoch }] of parents) if (epoch < height) parents.delete(key);
    },
  };
}
