/** Effects by their names, as calls of the ports: plain data in, chain nouns to the port, plain data back. */

import { formatAddress, parseAddress } from '../chain/address.ts';
import { blockCid } from '../chain/block-header.ts';
import { type BlockMessage, blockMessage } from '../chain/block-message.ts';
import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { type CID, decodeCid } from '../chain/encoding/cid.ts';
import { decode, encode, list } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { signedMessage } from '../chain/message.ts';
import { firstBlock, type Tipset, type TipsetKey, tipsetKeyBytes } from '../chain/tipset.ts';
import type { BlockTemplate } from '../consensus/block-template.ts';
import { baseFeeBounds } from '../consensus/messages/base-fee.ts';
import { BLOCK_MESSAGE_LIMIT } from '../consensus/messages/gas.ts';
import { lastMinedEpoch } from '../consensus/network/horizon.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { winningProofFault } from '../consensus/winning-post.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { PortError } from '../errors/port-error.ts';
import type { Value } from '../journal/format/value.ts';
import { hasGoneOn } from '../mining/base.ts';
import { baseInfoFault } from '../mining/base-info-check.ts';
import type { Standing } from '../mining/orphan.ts';
import { ownBlockFault } from '../mining/own-block.ts';
import type { BeaconValue, Head, MiningInfo, ProvingSector } from '../mining/round.ts';
import { epochStream } from '../mining/stream.ts';
import { pause } from '../pause.ts';
import type { FenceClaim, FenceVerdict } from '../ports/fence.ts';
import type { MiningBaseInfo, Node, SectorInfo } from '../ports/node.ts';
import { pastUpgrade } from '../runtime/bind.ts';
import type { Perform, PerformContext } from '../runtime/options.ts';
import { ANSWER_MS, answeredBy, noAnswer } from './answer-in-time.ts';
import { type KnownBases, knownBases } from './answers/bases.ts';
import type { AskedPorts } from './answers/checked-ports.ts';
import { LOST_MS } from './answers/hanging-calls.ts';
import { admitted } from './answers/messages.ts';
import { checkOfNetwork } from './answers/of-network.ts';
import { oneInFlight } from './answers/one-in-flight.ts';
import { clearly, pushed } from './answers/unclear.ts';
import { checkVrfProof } from './answers/vrf-proof.ts';
import { type BaseAsked, baseHead } from './base-head.ts';
import { reachedTipset } from './reached-tipset.ts';

/**
 * Base info with the beacon entries that a block of the epoch on a base of this height carries, each of them drand's; missing ones are asked for. Rejects with
 * `BEACON_ENTRIES_WRONG`, or as the node does.
 */
export type Beaconed = (info: MiningBaseInfo, base: Epoch, epoch: Epoch, signal: AbortSignal) => Promise<MiningBaseInfo>;

/** Ports whose answers have their form (answers/checked-ports.ts); what they say is looked at here, before a machine is given it. */
export interface Ports extends AskedPorts {
  readonly beaconed: Beaconed;
  readonly bls: Pick<Bls, 'aggregate' | 'verify' | 'verifyAsync' | 'verifyBatchAsync'>;
  readonly network: NetworkParams;
  /** Hears of what was left out of a block: `MESSAGES_LEFT_OUT`. */
  readonly tell?: (fault: MineOneError) => void;
}

type Fields = { readonly [key: string]: Value };
type Effect = (input: Fields, context: PerformContext) => Promise<unknown>;

const messageList = list(signedMessage, BLOCK_MESSAGE_LIMIT);

/** Throws `EFFECT_UNKNOWN` for a name that no port answers to. */
export function performWith(ports: Ports): Perform {
  const bases = knownBases();
  const effects: Readonly<Record<string, Effect>> = { ...waiting(ports), ...asking(ports, bases), ...working(ports), ...making(ports, bases) };
  return async (name, input, context) => {
    const effect = effects[name];
    if (effect === undefined) throw new MineOneError('EFFECT_UNKNOWN', `no port performs the effect ${name}`);
    if (FROM_KNOWN_RULES.has(name)) checkKnown(ports.network, context.stream);
    const asked = (): Promise<unknown> => effect((input ?? {}) as Fields, context);
    return (await (UNWATCHED.has(name) ? answeredBy(ports.clock, name, ports.clock.now() + ANSWER_MS, asked) : asked())) as Value;
  };
}

/** What signs for a miner, or brings out what was signed: of no epoch whose rules are not known. */
const FROM_KNOWN_RULES: ReadonlySet<string> = new Set(['signVrf', 'proveWinningPost', 'createBlock', 'claim', 'submitBlock', 'pushMessages']);

/** Throws `UPGRADE_UNKNOWN`. */
function checkKnown(network: NetworkParams, stream: string): void {
  const [epoch, last] = [epochStream(stream)?.epoch ?? 0, lastMinedEpoch(network)];
  if (epoch > last) throw new MineOneError('UPGRADE_UNKNOWN', pastUpgrade(epoch, last));
}

/** What no machine gives up by an alarm of its own: a call that never answers would hold a bound block back for good. */
const UNWATCHED: ReadonlySet<string> = new Set(['claim', 'submitBlock', 'pushMessages', 'getTipset']);

function waiting({ clock }: Ports): Readonly<Record<string, Effect>> {
  return {
    async alarm(input, { signal }) {
      const within = input['within'] as number | undefined;
      const rings = clock.until(input['at'] as number, signal);
      await (within === undefined ? rings : Promise.race([rings, pause(clock, within, signal)]));
      return null;
    },
  };
}

function asking({ clock, node, beaconed, network, bls, tell = () => undefined }: Ports, bases: KnownBases): Readonly<Record<string, Effect>> {
  return {
    async getHead(input, { signal, share }) {
      const isForBase = input['epoch'] !== undefined;
      const asked = (): Promise<Tipset> => node.head(signal);
      const head = isForBase
        ? await baseHead(clock, node, input as unknown as BaseAsked, signal)
        : await answeredBy(clock, 'getHead', clock.now() + ANSWER_MS, asked);
      checkOfNetwork(network, head);
      bases.see(head);
      const since = node.headSince?.(head);
      return share(since === undefined ? headOf(head) : { ...headOf(head), since });
    },
    async getBeaconEntry(input, { signal, share }) {
      return share(await node.beaconEntry(input['epoch'] as number, signal));
    },
    async getMiningBaseInfo(input, { signal, share }) {
      const base = input['base'] as unknown as Head;
      const epoch = input['epoch'] as number;
      const info = await node.miningBaseInfo(parseAddress(input['miner'] as string), epoch, keyOf(base), signal);
      const fault = info === null ? null : baseInfoFault(info);
      if (fault !== null) throw new MineOneError(fault.code, fault.message);
      return info === null ? null : infoOf(await beaconed(info, base.height, epoch, signal), share);
    },
    async getMessages(input, { signal }) {
      const [base, epoch] = [input['base'] as unknown as Head, input['epoch'] as number];
      const chosen = await node.selectMessages(keyOf(base), input['quality'] as number, signal);
      const known = bases.of(base);
      const leastBaseFee = known === null ? 0n : baseFeeBounds(network, known).least;
      return encode(messageList, await admitted(chosen, { bls, params: network, epoch, leastBaseFee, tell }));
    },
    async getTipset(input, { signal }) {
      const asked = { height: input['height'] as number, reached: input['reached'] as number | undefined };
      return standingOf(await reachedTipset(node, network, asked, signal));
    },
  };
}

/** What the miner's own keys and sectors make. */
function working({ signer, prover, network, bls }: Ports): Readonly<Record<string, Effect>> {
  return {
    async signVrf(input, { signal }) {
      const [key, message] = [input['key'] as string, input['message'] as Uint8Array];
      const proof = await signer.signVrf(parseAddress(key), message, signal);
      await checkVrfProof(bls, key, message, proof);
      return proof;
    },
    async proveWinningPost(input, { signal }) {
      const { miner, epoch, randomness, sectors, sectorSize } = input as Fields & { readonly sectors: readonly ProvingSector[] };
      const proofs = await prover.winningPost(
        {
          miner: parseAddress(miner as string),
          epoch: epoch as number,
          randomness: randomness as Uint8Array,
          sectors: sectors.map((sector) => ({ ...sector, sealedCid: decodeCid(sector.sealedCid) })),
          sectorSize: sectorSize as bigint,
        },
        signal,
      );
      const fault = winningProofFault(proofs, sectorSize as bigint, network.insecurePoSt);
      if (fault !== null) throw new MineOneError('PROOF_INVALID', `the prover gave ${fault}`);
      return proofs.map(({ postProof, proofBytes }) => ({ postProof, proofBytes }));
    },
  };
}

function making({ clock, node, fence, bls, network }: Ports, bases: KnownBases): Readonly<Record<string, Effect>> {
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
      const base = bases.of(input['base'] as unknown as Head);
      const mismatch = await ownBlockFault(template, block, { bls, params: network, workerKey: input['workerKey'] as string, base });
      return { cid: blockCid(block.header).bytes, block: encode(blockMessage, block), mismatch };
    },
    async claim(input, context) {
      const base = input['base'] as unknown as Head;
      const claim = {
        miner: input['miner'] as string,
        epoch: input['epoch'] as number,
        parents: keyOf(base),
        baseHeight: base.height,
        cid: decodeCid(input['cid'] as Uint8Array),
      };
      const verdict = await claims.ask(toHex(claim.cid.bytes), context.signal, () => fence.claim(claim, context.signal), behind('claim', context));
      if (verdict.verdict === 'unknown') throw fenceUnknown(claim);
      return verdict.verdict === 'granted' ? { verdict: 'granted' } : verdict;
    },
    async submitBlock(input, context) {
      const block = decode(blockMessage, bytesOf(input['block'] as Value, context));
      checkBound(input, block, context);
      if (clock.now() >= (input['by'] as number)) await checkWaits(node, block, input['base'] as unknown as Head, context.signal);
      const sent = (): Promise<void> => clearly(node.submitBlock(block, context.signal));
      await submits.ask(toHex(input['cid'] as Uint8Array), context.signal, sent, behind('submitBlock', context));
      return { at: clock.now() };
    },
    async pushMessages(input, context) {
      let refused: string | null = null;
      for (const signed of decode(messageList, bytesOf(input['messages'] as Value, context))) refused = (await pushed(node, signed, context.signal)) ?? refused;
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
function checkBound(input: Fields, block: BlockMessage, { boundCid }: PerformContext): void {
  const bound = boundCid(input['miner'] as string, input['epoch'] as number);
  const cid = blockCid(block.header).bytes;
  if (bound === undefined || !equalBytes(bound, cid) || !equalBytes(bound, input['cid'] as Uint8Array)) {
    const row = bound === undefined ? 'nothing is bound' : `${decodeCid(bound)} is bound`;
    throw new MineOneError('SUBMIT_NOT_BOUND', `${input['miner']} epoch ${input['epoch']}: ${row}; refused to submit ${decodeCid(cid)}`);
  }
}

/**
 * A late block still counts where the chain waits on its base for somebody to go on; throws `TOO_LATE`. A node whose head is below the base, as one that was away, says nothing
 * of that: the block goes out, and again, until the chain has it or has gone on.
 */
async function checkWaits(node: Node, { header }: BlockMessage, base: Head, signal: AbortSignal): Promise<void> {
  const head = await node.head(signal);
  if (hasGoneOn(base, headOf(head)))
    throw new MineOneError('TOO_LATE', `the chain is at ${head.height} and no longer on the base of our block of ${header.height}`);
}

function templateOf(input: Fields, context: PerformContext): BlockTemplate {
  const base = input['base'] as unknown as Head;
  return {
    miner: parseAddress(input['miner'] as string),
    parents: keyOf(base),
    ticket: { vrfProof: input['ticket'] as Uint8Array },
    electionProof: { winCount: input['winCount'] as number, vrfProof: input['electionProof'] as Uint8Array },
    beaconEntries: input['beaconEntries'] as unknown as readonly BeaconValue[],
    messages: decode(messageList, bytesOf(input['messages'] as Value, context)),
    epoch: input['epoch'] as number,
    timestamp: input['timestamp'] as bigint,
    winPoStProof: input['proofs'] as unknown as BlockTemplate['winPoStProof'],
  };
}

/** Bytes as they are or as a blob's name. */
function bytesOf(value: Value, { blob }: PerformContext): Uint8Array {
  return value instanceof Uint8Array ? value : blob((value as { readonly $blob: Uint8Array }).$blob);
}

export function headOf(tipset: Tipset): Head {
  return {
    height: tipset.height,
    timestamp: Number(firstBlock(tipset).timestamp),
    parents: tipsetKeyBytes(tipset.parents),
    blocks: tipset.blocks.map((block, i) => ({ cid: (tipset.key[i] as CID).bytes, ticket: block.ticket?.vrfProof ?? new Uint8Array(0) })),
  };
}

export function standingOf({ height, key, parents, blocks }: Tipset): Standing {
  return {
    height,
    parents: tipsetKeyBytes(parents),
    blocks: blocks.map(({ miner }, i) => ({ cid: (key[i] as CID).bytes, miner: formatAddress(miner) })),
  };
}

function keyOf(head: Head): TipsetKey {
  return head.blocks.map(({ cid }) => decodeCid(cid));
}

function infoOf(info: MiningBaseInfo, share: PerformContext['share']): MiningInfo {
  return {
    power: info.minerPower,
    networkPower: info.networkPower,
    sectors: info.sectors.map(({ number, sealProof, sealedCid }: SectorInfo) => ({ number, sealProof, sealedCid: sealedCid.bytes })),
    workerKey: formatAddress(info.workerKey),
    sectorSize: info.sectorSize,
    beacon: { previous: share(info.previousBeacon), entries: info.beaconEntries.map((entry) => share(entry)) },
    eligible: info.eligible,
    reason: info.reason,
  };
}
