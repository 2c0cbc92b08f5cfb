/**
 * Checks of a header by itself and against its base (docs/protocol.md 2.16 "Sync/full", fast checks; lotus
 * chain/consensus/filcns/filecoin.go:114-200).
 */

import { type Address, addressKey, formatAddress, PROTOCOL_ID } from '../../chain/address.ts';
import { type BlockHeader, blockCid } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { SIGNATURE_BLS } from '../../chain/signature.ts';
import { readPower } from '../../chain/state/power.ts';
import { equalKeys, firstBlock, tipsetKeyText } from '../../chain/tipset.ts';
import { nextBaseFee } from '../messages/base-fee.ts';
import { weightOf } from '../weight.ts';
import type { Check } from './check.ts';
import { insteadOf, type Round } from './round.ts';
import { givenState, OK, same, type Verdict, wrong } from './verdict.ts';

export const form: Check = {
  name: 'form',
  rule: 'the miner is an id address; ticket, election proof, BLS aggregate and block signature are there; the signatures are BLS',
  run: ({ header }) => judgeForm(header),
};

/** The one check that a header stands alone for, with {@link judgeCid}. */
export function judgeForm(header: BlockHeader): Verdict {
  const absent = (['ticket', 'electionProof', 'blsAggregate', 'blockSig'] as const).filter((field) => header[field] === null);
  if (absent.length > 0) return wrong('ticket, election proof, BLS aggregate and block signature', `no ${absent.join(', no ')}`);
  if (header.miner.protocol !== PROTOCOL_ID) return wrong('a miner by its id', formatAddress(header.miner));
  return header.blockSig?.type === SIGNATURE_BLS ? OK : wrong('a BLS block signature', `a signature of type ${header.blockSig?.type}`);
}

export const headerCid: Check = {
  name: 'header-cid',
  rule: 'encoding the header gives the bytes of its CID',
  run: ({ cid, header }) => judgeCid(cid, header),
};

export function judgeCid(cid: CID, header: BlockHeader): Verdict {
  return same(cid, blockCid(header));
}

export const parents: Check = {
  name: 'parents',
  rule: 'the parents are one tipset, of a lesser height and with one block a miner',
  run({ header }, { base }) {
    if (header.height <= base.height) return wrong(`a height above the base's ${base.height}`, header.height);
    const twice = minerTwice(base.blocks);
    if (twice !== null) return wrong('a base with one block a miner', `two of ${formatAddress(twice)} (double-fork)`);
    // A node looks the tipset up by its blocks, in whatever order a header names them (lotus chain/types/tipset.go
    // `NewTipSet`).
    return equalKeys(base.key, header.parents)
      ? OK
      : { verdict: 'ok', note: `names its parents in another order than their tipset's, ${tipsetKeyText(base.key)}` };
  },
};

/**
 * A miner with more than one block in a tipset: executing it fails (lotus chain/consensus/compute_state.go
 * `ExecuteTipSet`).
 */
function minerTwice(blocks: readonly BlockHeader[]): Address | null {
  const seen = new Set<string>();
  for (const { miner } of blocks) {
    const key = addressKey(miner);
    if (seen.has(key)) return miner;
    seen.add(key);
  }
  return null;
}

export const timestamp: Check = {
  name: 'timestamp',
  rule: "the base's timestamp and one block delay for each epoch since",
  run({ header }, { params, base }) {
    const first = base.blocks.reduce((least, block) => (block.timestamp < least ? block.timestamp : least), firstBlock(base).timestamp);
    return same(first + BigInt(params.blockDelaySecs) * BigInt(header.height - base.height), header.timestamp);
  },
};

export const parentWeight: Check = {
  name: 'parent-weight',
  rule: 'the weight of the base, with the power of the state before it',
  run({ header }, round) {
    const state = round.baseState();
    const { totalQualityAdjPower } = readPower(state.tree);
    // A dead network weighs nothing: no block on such a base is taken (lotus chain/consensus/filcns/weight.go).
    if (totalQualityAdjPower <= 0n) return givenState(wrong('a base in a network with power', `${totalQualityAdjPower} of it`), insteadOf('power', state));
    return givenState(same(weightOf(round.base, totalQualityAdjPower), header.parentWeight), insteadOf('power', state));
  },
};

export const baseFee: Check = {
  name: 'base-fee',
  rule: "the base's fee, moved by the base's messages",
  run: ({ header }, round) => same(baseFeeOn(round), header.parentBaseFee),
};

/** Base fee of a block on the round's base. */
export function baseFeeOn({ params, base, baseMessages }: Round): bigint {
  return nextBaseFee(params, { height: base.height, baseFee: firstBlock(base).parentBaseFee, blocks: base.blocks.length, messages: baseMessages() });
}
