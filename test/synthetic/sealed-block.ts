/**
 * Blocks with real tickets, elections and signatures; and, as what they are to say is a plain value first, blocks that
 * are wrong in one thing.
 */

import { equalAddress, formatAddress, idAddress, idOf } from '../../src/chain/address.ts';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import { type BlockHeader, blockCid, blockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { concatBytes, fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { type CID, cidOf } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { sha256 } from '../../src/chain/encoding/hash.ts';
import type { Epoch } from '../../src/chain/epoch.ts';
import { AMT_V2, buildAmt } from '../../src/chain/ipld/amt.ts';
import { message, messageCid, type SignedMessage } from '../../src/chain/message.ts';
import { SIGNATURE_BLS } from '../../src/chain/signature.ts';
import { computeWinCount } from '../../src/consensus/election.ts';
import { aggregateSignature } from '../../src/consensus/messages/aggregate.ts';
import { messagesRoot } from '../../src/consensus/messages/messages-root.ts';
import { drawRandomness, TAG_ELECTION_PROOF_PRODUCTION, TAG_TICKET_PRODUCTION } from '../../src/consensus/randomness.ts';
import { uniqueMessages } from '../../src/consensus/validation/block-messages.ts';
import { MOCK_PROOF } from '../../src/consensus/winning-post.ts';
import { baseFeeOn, entriesOn, lookbackFor, lookbackTipset, weightOn } from './base-facts.ts';
import type { MadeChain, MadeTipset } from './made/chain.ts';
import { type MadeState, minerIn, totalQaPower } from './made/state.ts';
import type { WorkerKey } from './worker-key.ts';

/** Exit code 0, nothing returned, no gas, no events. */
const RECEIPT = Uint8Array.of(0x84, 0x00, 0x40, 0x00, 0xf6);

/** The miner of fillers, which no state has. */
const FILLER = 99;

/** Everything a block says, before it is signed. */
export interface BlockPlan {
  readonly base: MadeTipset;
  readonly epoch: Epoch;
  /** Actor id. */
  readonly miner: number;
  readonly worker: WorkerKey;
  readonly power: bigint;
  readonly totalPower: bigint;
  readonly entries: readonly BeaconEntry[];
  /** Whether the base's least ticket goes into the ticket's draw. */
  readonly isTicketBound: boolean;
  readonly weight: bigint;
  readonly baseFee: bigint;
  /** BLS messages. */
  readonly messages: readonly SignedMessage[];
}

export interface SealedBlock {
  readonly cid: CID;
  readonly header: BlockHeader;
}

export interface PlanOptions {
  /** Base of the block; the head. */
  readonly base?: MadeTipset;
  /** Epochs it looks back. */
  readonly lookback?: Epoch;
  /** The state it takes for that of the lookback. */
  readonly believed?: MadeState;
  readonly messages?: readonly SignedMessage[];
}

/** What an honest block says; or one that looks at another state. */
export function planBlock(chain: MadeChain, epoch: Epoch, miner: number, options: PlanOptions = {}): BlockPlan {
  const { base = chain.head(), lookback = lookbackFor(chain, epoch), messages = [] } = options;
  const state = options.believed ?? lookbackTipset(chain, base, epoch, lookback).after;
  return {
    base,
    epoch,
    miner,
    worker: workerIn(chain, state, miner),
    power: minerIn(state, miner)?.claim?.qa ?? 0n,
    totalPower: totalQaPower(state),
    entries: entriesOn(chain, base, epoch),
    isTicketBound: epoch > chain.params.upgrades.smoke,
    weight: weightOn(base),
    baseFee: baseFeeOn(chain, base),
    messages,
  };
}

export function workerIn({ keys }: MadeChain, state: MadeState, miner: number): WorkerKey {
  const account = state.accounts.find(({ id }) => id === minerIn(state, miner)?.worker);
  const key = keys.find(({ address }) => account !== undefined && equalAddress(address, account.key));
  if (key === undefined) throw new Error(`no key for the worker of f0${miner} in this state`);
  return key;
}

/** Signs a block and puts it in the chain's store, beside the chain. */
export function sealBlock(chain: MadeChain, plan: BlockPlan): SealedBlock {
  const { base, epoch, miner, worker, entries } = plan;
  const drawn = (entries.at(-1) ?? base.entry).data;
  const entropy = encodedId(miner);
  const leastTicket = base.tipset.blocks[0]?.ticket?.vrfProof as Uint8Array;
  const draw = drawRandomness(drawn, TAG_TICKET_PRODUCTION, epoch - 1, plan.isTicketBound ? concatBytes(entropy, leastTicket) : entropy);
  const ticket = { vrfProof: chain.bls.sign(worker.privateKey, draw) };
  const vrfProof = chain.bls.sign(worker.privateKey, drawRandomness(drawn, TAG_ELECTION_PROOF_PRODUCTION, epoch, entropy));
  const electionProof = { winCount: computeWinCount(vrfProof, plan.power, plan.totalPower), vrfProof };
  return signHeader(chain, { ...unsignedHeader(chain, plan), ticket, electionProof }, worker);
}

/** A header with a new block signature over what it says now. */
export function signHeader(chain: MadeChain, header: BlockHeader, worker: WorkerKey): SealedBlock {
  const data = chain.bls.sign(worker.privateKey, signingBytes(header));
  return stored(chain, { ...header, blockSig: { type: SIGNATURE_BLS, data } });
}

/** Honest blocks of these miners, all of which must win, as the new head; and of those others that do win. */
export function mine(
  chain: MadeChain,
  epoch: Epoch,
  miners: readonly number[],
  options: PlanOptions & { readonly others?: readonly number[] } = {},
): MadeTipset {
  const plan = (miner: number): BlockPlan => planBlock(chain, epoch, miner, options);
  const must = miners.map((miner) => winner(chain, plan(miner)));
  const may = (options.others ?? []).map((miner) => sealBlock(chain, plan(miner))).filter(({ header }) => header.electionProof?.winCount !== 0);
  return chain.append([...must, ...may].map(({ header }) => header));
}

/** A block that claims a win; throws where its election is lost. */
export function winner(chain: MadeChain, plan: BlockPlan): SealedBlock {
  const block = sealBlock(chain, plan);
  if ((block.header.electionProof?.winCount ?? 0) === 0) throw lost(plan);
  return block;
}

function lost({ miner, epoch, worker }: BlockPlan): Error {
  return new Error(`f0${miner} does not win epoch ${epoch} with key ${formatAddress(worker.address)}; make another of another word`);
}

/** The blocks on the chain that somebody signed. */
export function signedBlocks({ tipsets }: MadeChain): readonly SealedBlock[] {
  const blocks = tipsets.filter(({ height }) => height > 0).flatMap(({ tipset }) => tipset.blocks.map((header, i) => ({ cid: tipset.key[i] as CID, header })));
  return blocks.filter(({ header }) => idOf(header.miner) !== BigInt(FILLER));
}

/** One block that nobody signed at each epoch up to this one, null rounds left out; all with the messages. */
export function fill(chain: MadeChain, to: Epoch, messages: readonly SignedMessage[] = []): void {
  for (let epoch = chain.head().height + 1; epoch <= to; epoch++) {
    if (chain.nulls.includes(epoch)) continue;
    const base = chain.head();
    const entries = entriesOn(chain, base, epoch, 'filler');
    const plan = { base, epoch, miner: FILLER, entries, weight: weightOn(base), baseFee: baseFeeOn(chain, base), messages };
    const noise = concatBytes(...[0, 1, 2].map((i) => sha256(fromUtf8(`${epoch} ${i}`))));
    const header = { ...unsignedHeader(chain, plan), ticket: { vrfProof: noise }, electionProof: { winCount: 1, vrfProof: noise } };
    chain.append([{ ...header, blockSig: { type: SIGNATURE_BLS, data: noise } }]);
  }
}

type PlainPlan = Omit<BlockPlan, 'worker' | 'power' | 'totalPower' | 'isTicketBound'>;

function unsignedHeader(chain: MadeChain, { base, epoch, miner, entries, weight, baseFee, messages }: PlainPlan): BlockHeader {
  const root = messagesRoot(
    messages.map((signed) => messageCid(signed.message)),
    [],
  );
  chain.put([...root.blocks, ...messages.map((signed) => ({ cid: messageCid(signed.message), bytes: encode(message, signed.message) }))]);
  return {
    miner: idAddress(miner),
    ticket: null,
    electionProof: null,
    beaconEntries: entries,
    winPoStProof: [{ postProof: 3, proofBytes: MOCK_PROOF }],
    parents: base.tipset.key,
    parentWeight: weight,
    height: epoch,
    parentStateRoot: base.afterRoot,
    parentMessageReceipts: receiptsOf(chain, base),
    messages: root.cid,
    blsAggregate: aggregateSignature(
      chain.bls,
      messages.map(({ signature }) => signature.data),
    ),
    timestamp: chain.params.genesisTimestamp + 30n * BigInt(epoch),
    blockSig: null,
    forkSignaling: 0n,
    parentBaseFee: baseFee,
  };
}

/** One receipt of a message that did nothing for each of the base's. */
function receiptsOf(chain: MadeChain, { tipset }: MadeTipset): CID {
  const { root, blocks } = buildAmt(AMT_V2, new Array<Uint8Array>(uniqueMessages(chain.get, tipset).length).fill(RECEIPT));
  chain.put(blocks);
  return root;
}

function stored(chain: MadeChain, header: BlockHeader): SealedBlock {
  const bytes = encode(blockHeader, header);
  chain.put([{ cid: cidOf(bytes), bytes }]);
  return { cid: blockCid(header), header };
}

/** An id address as entropy: a CBOR byte string of its bytes. */
function encodedId(id: number): Uint8Array {
  const { payload } = idAddress(id);
  return concatBytes(Uint8Array.of(0x41 + payload.length, 0), payload);
}
