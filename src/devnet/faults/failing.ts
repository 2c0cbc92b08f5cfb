/** `failing-call` and `failing-prove`: an error instead of an answer. */

import { formatAddress } from '../../chain/address.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { Node } from '../../ports/node.ts';
import type { Prover } from '../../ports/prover.ts';
import { countingTries, epochAhead, type FaultContext, strike } from './plan.ts';
import { nodeError, proveFailed, unreachable } from './port-failure.ts';

/** Of the calls that fail, those whose error says that asking again is of no use. */
const FINAL_SHARE = 0.15;
const TRIES_MAX = 3;

/**
 * Each kind of call of each epoch and miner fails once, twice or three times; some of them with an error that does not
 * look as if it would pass.
 */
export function failingCall(node: Node, context: FaultContext): Node {
  const tries = countingTries();
  const mayFail = (call: string, epoch: Epoch, whom = ''): void => {
    const random = strike(context.plan, 'failing-call', epoch, `${call} ${whom}`);
    if (random === null) return;
    const isFinal = random.chance(FINAL_SHARE);
    if (tries(epoch, `${call} ${whom}`) > 1 + random.below(TRIES_MAX)) return;
    throw isFinal ? nodeError(call, 'internal error: blockstore: block not found') : unreachable(call);
  };
  const ahead = (): Epoch => epochAhead(context);
  return {
    ...node,
    async head(signal) {
      mayFail('ChainHead', ahead());
      return node.head(signal);
    },
    async beaconEntry(epoch, signal) {
      mayFail('StateGetBeaconEntry', epoch);
      return node.beaconEntry(epoch, signal);
    },
    async miningBaseInfo(miner, epoch, base, signal) {
      mayFail('MinerGetBaseInfo', epoch, formatAddress(miner));
      return node.miningBaseInfo(miner, epoch, base, signal);
    },
    async selectMessages(base, quality, signal) {
      mayFail('MpoolSelect', ahead(), String(quality));
      return node.selectMessages(base, quality, signal);
    },
    async createBlock(template, signal) {
      mayFail('MinerCreateBlock', template.epoch, formatAddress(template.miner));
      return node.createBlock(template, signal);
    },
    async submitBlock(block, signal) {
      mayFail('SyncSubmitBlock', block.header.height, formatAddress(block.header.miner));
      return node.submitBlock(block, signal);
    },
    async pushMessage(message, signal) {
      mayFail('MpoolPush', ahead(), `${formatAddress(message.message.from)}/${message.message.nonce}`);
      return node.pushMessage(message, signal);
    },
    async tipsetAt(height, signal) {
      mayFail('ChainGetTipSetByHeight', ahead(), String(height));
      return node.tipsetAt(height, signal);
    },
  };
}

/** A sector that cannot be read stays so: the epoch is lost. */
export function failingProve(prover: Prover, { plan }: FaultContext): Prover {
  return {
    async winningPost(request, signal) {
      const { epoch, miner, sectors } = request;
      if (strike(plan, 'failing-prove', epoch, formatAddress(miner)) !== null) throw proveFailed(sectors[0]?.number ?? 0n);
      return prover.winningPost(request, signal);
    },
  };
}
