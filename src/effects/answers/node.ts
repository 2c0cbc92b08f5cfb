/** What a node may answer, and the node whose answers are looked at. */

import { LIST_LENGTH_MAX } from '../../chain/encoding/codec.ts';
import type { MiningBaseInfo, Node, SectorInfo } from '../../ports/node.ts';
import { type AnswerForms, type Form, fields, flag, integer, list, nothing, orNull, word } from './form.ts';
import type { PortWatch } from './hanging-calls.ts';
import { address, amount, beaconEntry, blockMessage, cid, signedMessage, tipset, u64 } from './nouns.ts';
import { portCalls } from './port-calls.ts';

/** Messages that are looked at; a block has at most 10,000. */
const MESSAGES_MAX = 100_000;

const sector: Form<SectorInfo> = fields<SectorInfo>({ number: u64, sealProof: integer(0, Number.MAX_SAFE_INTEGER), sealedCid: cid });

const baseInfo: Form<MiningBaseInfo> = fields<MiningBaseInfo>({
  minerPower: amount,
  networkPower: amount,
  sectors: list(sector, LIST_LENGTH_MAX),
  workerKey: address,
  sectorSize: u64,
  previousBeacon: beaconEntry,
  beaconEntries: list(beaconEntry, LIST_LENGTH_MAX),
  eligible: flag,
  reason: orNull(word('miner-not-found', 'no-power-at-lookback', 'no-active-sectors', 'below-minimum-power', 'fee-debt', 'consensus-fault', 'unknown')),
});

export const nodeAnswers: AnswerForms<Node> = {
  head: tipset,
  beaconEntry,
  miningBaseInfo: orNull(baseInfo),
  selectMessages: list(signedMessage, MESSAGES_MAX),
  createBlock: blockMessage,
  submitBlock: nothing,
  pushMessage: nothing,
  tipsetAt: tipset,
};

/** The node, its answers in their forms. */
export function checkedNode(node: Node, watch: PortWatch): Node {
  const { ask } = portCalls('node', watch);
  return {
    head: (signal) => ask('head', signal, nodeAnswers.head, () => node.head(signal)),
    beaconEntry: (epoch, signal) => ask('beaconEntry', signal, nodeAnswers.beaconEntry, () => node.beaconEntry(epoch, signal)),
    miningBaseInfo: (miner, epoch, base, signal) =>
      ask('miningBaseInfo', signal, nodeAnswers.miningBaseInfo, () => node.miningBaseInfo(miner, epoch, base, signal)),
    selectMessages: (base, quality, signal) => ask('selectMessages', signal, nodeAnswers.selectMessages, () => node.selectMessages(base, quality, signal)),
    createBlock: (template, signal) => ask('createBlock', signal, nodeAnswers.createBlock, () => node.createBlock(template, signal)),
    submitBlock: (block, signal) => ask('submitBlock', signal, nodeAnswers.submitBlock, () => node.submitBlock(block, signal)),
    pushMessage: (message, signal) => ask('pushMessage', signal, nodeAnswers.pushMessage, () => node.pushMessage(message, signal)),
    tipsetAt: (height, signal) => ask('tipsetAt', signal, nodeAnswers.tipsetAt, () => node.tipsetAt(height, signal)),
    ...(node.headSince === undefined ? {} : { headSince: (head) => timeOf(quietly(() => node.headSince?.(head))) }),
    ...(node.onHead === undefined ? {} : { onHead: listening(node as Required<Pick<Node, 'onHead'>>) }),
  };
}

/** Evidence and nothing more: what is no time is as if nothing was said. */
function timeOf(since: unknown): number | undefined {
  return Number.isSafeInteger(since) ? (since as number) : undefined;
}

/** Notices are a kindness: a node that cannot give any, or not end them, is asked for its head all the same. */
function listening(node: Required<Pick<Node, 'onHead'>>): Required<Node>['onHead'] {
  return (listener) => {
    const end: unknown = quietly(() => node.onHead(listener));
    return () => void quietly(() => (typeof end === 'function' ? end() : undefined));
  };
}

function quietly(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    return undefined;
  }
}
