/** What makes a block, and brings out the one that is bound: create, claim, submit, and its messages once more. */

import { parseAddress } from '../chain/address.ts';
import { blockCid } from '../chain/block-header.ts';
import { type BlockMessage, blockMessage } from '../chain/block-message.ts';
import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { decodeCid } from '../chain/encoding/cid.ts';
import { decode, encode } from '../chain/encoding/codec.ts';
import type { BlockTemplate } from '../consensus/block-template.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { PortError } from '../errors/port-error.ts';
import { hasGoneOn } from '../mining/base.ts';
import type { Effects, TemplateInput } from '../mining/effects.ts';
import { ownBlockFault } from '../mining/own-block.ts';
import type { Head } from '../mining/round.ts';
import { pause } from '../pause.ts';
import type { FenceClaim, FenceVerdict } from '../ports/fence.ts';
import type { Node } from '../ports/node.ts';
import type { PerformContext } from '../runtime/options.ts';
import { ANSWER_MS, noAnswer } from './answer-in-time.ts';
import type { KnownBases } from './answers/bases.ts';
import { LOST_MS } from './answers/hanging-calls.ts';
import { oneInFlight } from './answers/one-in-flight.ts';
import { clearly, pushed } from './answers/unclear.ts';
import { messageList, type Performers, type Ports } from './performers.ts';
import { bytesOf, headOf, tipsetKeyOf } from './plain.ts';

export function ofBlock(ports: Ports, bases: KnownBases): Pick<Performers, 'createBlock' | 'claim' | 'submitBlock' | 'pushMessages'> {
  const { clock, node, fence, bls, network } = ports;
  /** By the time that goes by: a clock that is put right tells nothing of a call. */
  const lost = (signal: AbortSignal): Promise<void> => pause(clock, LOST_MS, signal);
  const submits = oneInFlight<void>(lost);
  const claims = oneInFlight<FenceVerdict>(lost);
  /** By the asker's own signal, so that it is known to wait. */
  const behind =
    (name: string, { signal }: PerformContext) =>
    <T>(running: Promise<T>): Promise<T> =>
      Promise.race([running, noAnswer(clock, name, clock.now() + ANSWER_MS, signal)]);
  return {
    async createBlock(input, context) {
      const template = templateOf(input, context);
      const block = await node.createBlock(template, context.signal);
      const mismatch = await ownBlockFault(template, block, { bls, params: network, workerKey: input.workerKey, base: bases.of(input.base) });
      return { cid: blockCid(block.header).bytes, block: encode(blockMessage, block), mismatch };
    },
    async claim({ miner, epoch, base, cid }, context) {
      const claim = { miner, epoch, parents: tipsetKeyOf(base), baseHeight: base.height, cid: decodeCid(cid) };
      const verdict = await claims.ask(toHex(cid), context.signal, () => fence.claim(claim, context.signal), behind('claim', context));
      if (verdict.verdict === 'unknown') throw fenceUnknown(claim);
      return verdict.verdict === 'granted' ? { verdict: 'granted' } : verdict;
    },
    async submitBlock(input, context) {
      const block = decode(blockMessage, bytesOf(input.block, context));
      checkBound(input, block, context);
      if (clock.now() >= input.by) await checkWaits(node, block, input.base, context.signal);
      const sent = (): Promise<void> => clearly(node.submitBlock(block, context.signal));
      await submits.ask(toHex(input.cid), context.signal, sent, behind('submitBlock', context));
      return { at: clock.now() };
    },
    async pushMessages({ messages }, context) {
      let refused: string | null = null;
      for (const signed of decode(messageList, bytesOf(messages, context))) refused = (await pushed(node, signed, context.signal)) ?? refused;
      return { refused };
    },
  };
}

/** To be asked again: it may have granted the claim, and the same CID is granted however often. */
function fenceUnknown({ miner, epoch }: FenceClaim): PortError {
  const message = `the fence did not say whether another instance mines epoch ${epoch} of ${miner}`;
  return new PortError('FENCE_UNKNOWN', message, { retryable: true });
}

/** Reads the row again, whatever the machine says; throws `SUBMIT_NOT_BOUND`. */
function checkBound({ miner, epoch, cid: asked }: Effects['submitBlock']['in'], block: BlockMessage, { boundCid }: PerformContext): void {
  const bound = boundCid(miner, epoch);
  const cid = blockCid(block.header).bytes;
  if (bound === undefined || !equalBytes(bound, cid) || !equalBytes(bound, asked)) {
    const row = bound === undefined ? 'nothing is bound' : `${decodeCid(bound)} is bound`;
    throw new MineOneError('SUBMIT_NOT_BOUND', `${miner} epoch ${epoch}: ${row}; refused to submit ${decodeCid(cid)}`);
  }
}

/**
 * A late block still counts where the chain waits on its base for somebody to go on; throws `TOO_LATE`. A node whose
 * head is below the base, as one that was away, says nothing of that: the block goes out, and again, until the chain
 * has it or has gone on.
 */
async function checkWaits(node: Node, { header }: BlockMessage, base: Head, signal: AbortSignal): Promise<void> {
  const head = await node.head(signal);
  if (hasGoneOn(base, headOf(head)))
    throw new MineOneError('TOO_LATE', `the chain is at ${head.height} and no longer on the base of our block of ${header.height}`);
}

function templateOf(input: TemplateInput, context: PerformContext): BlockTemplate {
  return {
    miner: parseAddress(input.miner),
    parents: tipsetKeyOf(input.base),
    ticket: { vrfProof: input.ticket },
    electionProof: { winCount: input.winCount, vrfProof: input.electionProof },
    beaconEntries: input.beaconEntries,
    messages: decode(messageList, bytesOf(input.messages, context)),
    epoch: input.epoch,
    timestamp: input.timestamp,
    winPoStProof: input.proofs,
  };
}
