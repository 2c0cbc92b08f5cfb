/**
 * A round to run machines on: one miner with all the power there is, a base of two blocks, and what each effect may
 * answer.
 */

import { parseAddress } from '../../src/chain/address.ts';
import { joinBytes } from '../../src/chain/encoding/bytes.ts';
import type { BindInput, CreatedBlock, ProofBytes } from '../../src/mining/effects.ts';
import type { Standing } from '../../src/mining/orphan.ts';
import type { Failure } from '../../src/mining/outcome.ts';
import { type Deadlines, deadlinesOf, type Head, type MiningInfo, type RoundConfig } from '../../src/mining/round.ts';

export const miner = 'f01000';
export const epoch = 100;
export const workerKey = 'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a';
parseAddress(workerKey);

export const config: RoundConfig = {
  network: 'test',
  genesisTimestamp: 1_000_000n,
  blockDelaySecs: 30,
  propagationDelaySecs: 10,
  equivocationDelaySecs: 2,
  smokeHeight: -1,
  observe: false,
};
export const observing: RoundConfig = { ...config, observe: true };
export const deadlines: Deadlines = deadlinesOf(config, epoch);

export const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
export const cid = (fill: number): Uint8Array => Uint8Array.of(0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20, ...bytes(32, fill));

/** Two blocks, the one with the least ticket first. */
export const base: Head = {
  height: epoch - 1,
  timestamp: 1_000_000 + 30 * (epoch - 1),
  parents: cid(9),
  blocks: [
    { cid: cid(1), ticket: bytes(96, 1) },
    { cid: cid(2), ticket: bytes(96, 2) },
  ],
};
/** The same without its second block: another base, the same ticket. */
export const baseLessLast: Head = { ...base, blocks: base.blocks.slice(0, 1) };
/** The same without its first block: another base, another ticket. */
export const baseLessFirst: Head = { ...base, blocks: base.blocks.slice(1) };
export const headTooHigh: Head = { ...base, height: epoch };

export const info: MiningInfo = {
  power: 1n << 40n,
  networkPower: 1n << 40n,
  sectors: [{ number: 7n, sealProof: 5, sealedCid: cid(7) }],
  workerKey,
  sectorSize: 2048n,
  beacon: { previous: { round: 1n, data: bytes(96, 11) }, entries: [{ round: 2n, data: bytes(96, 12) }] },
  eligible: true,
  reason: null,
};
/** Without power no draw wins. */
export const powerless: MiningInfo = { ...info, power: 0n };
export const inDebt: MiningInfo = { ...info, eligible: false, reason: 'fee-debt' };

export const vrf = bytes(96, 3);
export const otherVrf = bytes(96, 4);
export const proofs: readonly ProofBytes[] = [{ postProof: 0, proofBytes: bytes(192, 5) }];
export const messages = Uint8Array.of(0x81, 0x80);
export const created: CreatedBlock = { cid: cid(21), block: bytes(200, 6), mismatch: null };
export const bound: BindInput = { miner, epoch, base, cid: created.cid, block: created.block, messages };
/** Looked up at the epoch: the block stands there, or another in its place, or the base in a null round. */
export const standing: Standing = { height: epoch, parents: joinBytes(base.blocks.map((block) => block.cid)), blocks: [{ cid: created.cid, miner }] };
export const others: Standing = { ...standing, blocks: [{ cid: cid(1), miner: 'f01001' }] };
export const nullRound: Standing = { height: base.height, parents: base.parents, blocks: base.blocks.map((block) => ({ cid: block.cid, miner: 'f01001' })) };

/** Known at the cut-off, which is before every give-up. */
export const blip: Failure = { code: 'NODE_UNREACHABLE', message: 'connection refused', retryable: true, at: deadlines.cutoff };
export const fault: Failure = { code: 'NODE_REFUSED', message: 'not this one', retryable: false, at: deadlines.cutoff };
export const forgotten: Failure = { code: 'NODE_MESSAGES_MISSING', message: 'failed to load bls messages', retryable: false, at: deadlines.submit };
export const tooLate: Failure = { code: 'TOO_LATE', message: 'the chain went on', retryable: false, at: deadlines.giveUp };
