/**
 * A rival's block: mined as anybody mines, or with one thing in it that is not so, signed all the same
 * (docs/protocol.md 0, 2.16).
 */

import type { BlockHeader } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import { type Epoch, epochTimestamp } from '../chain/epoch.ts';
import { minTicket, type Tipset } from '../chain/tipset.ts';
import { type BlockTemplate, signHeader } from '../consensus/block-template.ts';
import { computeWinCount } from '../consensus/election.ts';
import { randomnessBase } from '../consensus/randomness.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { electionVrfInput, ticketVrfInput } from '../consensus/vrf.ts';
import { MOCK_PROOF } from '../consensus/winning-post.ts';
import type { FullNode } from './full-node.ts';
import type { CastMiner } from './setting/cast.ts';
import type { Cheat } from './setting/world.ts';

export interface RivalRound {
  readonly rival: CastMiner;
  readonly base: Tipset;
  readonly epoch: Epoch;
  readonly cheat: Cheat | null;
}

/** Numbers of winning proofs; a node does not look at them, so that two blocks differ by them alone. */
const [PROOF_OF_ONE, PROOF_OF_OTHER] = [3, 4];
const WEIGHT_CLAIMED = 10_000n;

/** The blocks that the rival sends out: none when it lost, two when that is its cheat. */
export function rivalBlocks(node: FullNode, bls: Bls, round: RivalRound): readonly BlockMessage[] {
  const { rival, base, epoch, cheat } = round;
  const info = node.info(rival.address, epoch, base);
  if (info === null || !info.eligible) return [];
  // Another epoch's entry draws another lot: it is not this epoch's, however good its signature.
  const entries = cheat === 'stolen-beacon' ? [node.beacon.entry(epoch - 1)] : info.beaconEntries;
  const drawn = randomnessBase(entries, info.previousBeacon);
  const sign = (message: Uint8Array): Uint8Array => bls.sign(rival.worker.privateKey, message);
  const vrfProof = sign(electionVrfInput(drawn, epoch, rival.address));
  const wins = computeWinCount(vrfProof, info.minerPower, info.networkPower);
  const winCount = cheat === 'wrong-win-count' ? wins + 1 : wins;
  if (winCount === 0) return [];
  const ticketEpoch = cheat === 'wrong-ticket' ? epoch + 1 : epoch;
  const template: BlockTemplate = {
    miner: rival.address,
    parents: base.key,
    ticket: { vrfProof: sign(ticketVrfInput(node.params, drawn, ticketEpoch, rival.address, minTicket(base))) },
    electionProof: { winCount, vrfProof },
    beaconEntries: entries,
    messages: node.desk.select(base),
    epoch,
    timestamp: epochTimestamp(node.params, epoch),
    winPoStProof: [{ postProof: PROOF_OF_ONE, proofBytes: MOCK_PROOF }],
  };
  const block = node.create(template);
  const resigned = (change: Partial<BlockHeader>): BlockMessage => ({
    ...block,
    header: signHeader(bls, rival.worker.privateKey, { ...block.header, ...change }),
  });
  if (cheat === 'heavy-weight') return [resigned({ parentWeight: block.header.parentWeight + WEIGHT_CLAIMED })];
  return cheat === 'two-blocks' ? [block, resigned({ winPoStProof: [{ postProof: PROOF_OF_OTHER, proofBytes: MOCK_PROOF }] })] : [block];
}
