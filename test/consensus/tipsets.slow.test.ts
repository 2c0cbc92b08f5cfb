/**
 * 65 tipsets of mainnet, calibnet and two networks of 2021, up to epoch 4,863,283: each rule on every block that has
 * what it needs, beside what another implementation found.
 */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { blsAddress, formatAddress } from '../../src/chain/address.ts';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import { type BlockHeader, blockCid, blockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { epochTimestamp } from '../../src/chain/epoch.ts';
import { equalKeys, firstBlock, minTicket, tipsetOf } from '../../src/chain/tipset.ts';
import { beaconDemand, beaconRound } from '../../src/consensus/beacon.ts';
import { computeWinCount, electionDigest, winCount } from '../../src/consensus/election.ts';
import { isChained, verifyBeaconEntry } from '../../src/consensus/network/drand.ts';
import { beaconNetwork } from '../../src/consensus/network/network.ts';
import { ticketQuality } from '../../src/consensus/ticket-quality.ts';
import { electionVrfInput, ticketVrfInput } from '../../src/consensus/vrf.ts';
import { tipsetWeight, totalWins } from '../../src/consensus/weight.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type ExpectedBlock, type Recorded, type RecordedTipset, recordedTipsets } from './recorded-tipsets.ts';

const { path, absent } = sharedData('mainnet');
const { bls } = loadBls();

describe.skipIf(absent)(suiteName('recorded tipsets', absent), () => {
  const recorded: Recorded = absent ? { tipsets: [], workerOf: () => null, powerOf: () => null, rounds: [] } : recordedTipsets(path);
  const { tipsets } = recorded;
  const mined = tipsets.filter(({ height }) => height > 0);
  const parentOf = (child: RecordedTipset) => tipsets.find(({ network, tipset }) => network === child.network && equalKeys(tipset.key, child.tipset.parents));

  /** Every mined block with its tipset and what is expected of it. */
  function* blocks(): Generator<readonly [RecordedTipset, BlockHeader, ExpectedBlock]> {
    for (const tipset of mined) {
      for (const block of tipset.blocks) {
        const cid = blockCid(block).toString();
        yield [tipset, block, tipset.expected.blocks.find((one) => one.cid === cid) ?? expect.fail(`nothing is expected of ${cid}`)];
      }
    }
  }

  it('139 headers: their CIDs, their bytes, their JSON', () => {
    let headers = 0;
    for (const { cids, blocks, json } of tipsets) {
      expect(cids).toHaveLength(blocks.length);
      blocks.forEach((header, i) => {
        const bytes = encode(blockHeader, header);
        expect([blockCid(header).toString(), cidOf(bytes).toString()]).toEqual([cids[i], cids[i]]);
        expect(toHex(encode(blockHeader, decode(blockHeader, bytes)))).toBe(toHex(bytes));
        // Genesis is given with null for what is empty.
        if (header.height > 0) expect(blockHeader.toJson(header)).toEqual(json[i]);
        else expect(blockCid(blockHeader.fromJson(blockHeader.toJson(header))).toString()).toBe(cids[i]);
        headers++;
      });
    }
    expect([tipsets.length, headers]).toEqual([65, 139]);
  });

  it('65 tipsets: the order of their blocks, and 32 children that name them so', () => {
    let children = 0;
    for (const child of tipsets) {
      const { cids, blocks, tipset, expected } = child;
      expect(tipset.key.map(String)).toEqual(cids);
      expect(tipsetOf(blocks.toReversed()).key.map(String)).toEqual(expected.cids);
      if (expected.minTicketMiner !== undefined) expect(formatAddress(firstBlock(tipset).miner)).toBe(expected.minTicketMiner);
      const parent = parentOf(child);
      expect(parent?.height).toBe(expected.parent ?? undefined);
      if (parent !== undefined) children++;
    }
    expect(children).toBe(32);
  });

  it('136 mined blocks: height and time', () => {
    let counted = 0;
    for (const [{ params, height, timestamp }, block] of blocks()) {
      expect([block.height, block.timestamp]).toEqual([height, epochTimestamp(params, height)]);
      expect(block.timestamp).toBe(BigInt(timestamp));
      counted++;
    }
    expect(counted).toBe(136);
  });

  it('62 tipsets: the beacon rounds of 32 over their parents, of 6 more over their null rounds, of 24 the last', () => {
    const found = { parent: 0, unchained: 0, last: 0 };
    for (const child of mined) {
      const { params, height, tipset, expected } = child;
      const entries = firstBlock(tipset).beaconEntries;
      const rounds = entries.map(({ round }) => round);
      for (const block of tipset.blocks) expect(block.beaconEntries).toEqual(entries);
      expect(rounds.map(Number)).toEqual(expected.beacon?.map(({ round }) => round));
      expect(rounds.at(-1)).toBe(beaconRound(params, height));
      const parent = parentOf(child);
      if (parent !== undefined) {
        const previous = firstBlock(parent.tipset).beaconEntries.at(-1) ?? expect.fail('no entry');
        const demand = beaconDemand(params, parent.height, height, previous);
        // Right after genesis a chained network asks for any.
        expect(demand).toEqual(parent.height === 0 ? { kind: 'any' } : { kind: 'rounds', rounds });
        found.parent++;
      } else if (!isChained(beaconNetwork(params, height))) {
        // One entry an epoch: their number tells the parent's height.
        expect(beaconDemand(params, height - entries.length, height, { round: 1n, data: new Uint8Array(0) })).toEqual({ kind: 'rounds', rounds });
        found.unchained++;
      } else {
        expect(rounds).toEqual(rounds.map((_, i) => (rounds[0] as bigint) + BigInt(i)));
        found.last++;
      }
    }
    expect(found).toEqual({ parent: 32, unchained: 6, last: 24 });
  });

  it('72 drand entries: 46 signatures verify, of 26 the one before is not known', () => {
    const found = { verified: 0, unknown: 0 };
    for (const child of mined) {
      const { params, height, tipset, expected } = child;
      const network = beaconNetwork(params, height);
      const { beaconEntries } = firstBlock(tipset);
      let previous = signatureBefore(child, beaconEntries[0] ?? expect.fail('no entry'));
      beaconEntries.forEach((entry, i) => {
        const chained = isChained(network);
        const told = expected.beacon?.[i];
        if (chained && previous === null) {
          expect(told?.verified).toBeNull();
          found.unknown++;
        } else {
          expect([verifyBeaconEntry(bls, network, entry, previous ?? new Uint8Array(0)), told?.verified]).toEqual([true, true]);
          found.verified++;
        }
        expect(network.name).toBe(told?.chain === 'mainnet' ? 'drand-mainnet' : told?.chain);
        previous = entry.data;
      });
    }
    expect(found).toEqual({ verified: 46, unknown: 26 });
  });

  /** The signature of the round before: of the parent, or of drand's own records. */
  function signatureBefore(child: RecordedTipset, { round }: BeaconEntry): Uint8Array | null {
    const last = parentOf(child)?.blocks[0]?.beaconEntries.at(-1);
    if (last !== undefined && last.round === round - 1n) return last.data;
    const name = child.network === 'mainnet' && child.height < 51_000 ? 'incentinet' : 'mainnet';
    const known = recorded.rounds.find((one) => one.chain === name && BigInt(one.round) === round)?.previous_signature;
    return known == null ? null : fromHex(known);
  }

  it('66 block signatures and 66 election proofs by workers that are known, 39 tickets over parents that are known', () => {
    const found = { blockSig: 0, election: 0, ticket: 0, worker: 0 };
    for (const [tipset, block, expected] of blocks()) {
      const worker = recorded.workerOf(tipset, formatAddress(block.miner));
      expect(worker?.address ?? null).toBe(expected.worker);
      const verify = (message: Uint8Array, signature: Uint8Array | undefined) =>
        worker === null || signature === undefined ? undefined : bls.verify({ publicKey: worker.publicKey, message, signature });
      const rbase = block.beaconEntries.at(-1)?.data ?? expect.fail('no entry');
      const parent = parentOf(tipset);
      const ours = {
        blockSigOk: verify(signingBytes(block), block.blockSig?.data),
        electionOk: verify(electionVrfInput(rbase, block.height, block.miner), block.electionProof?.vrfProof),
        ticketOk:
          parent === undefined
            ? undefined
            : verify(ticketVrfInput(tipset.params, rbase, block.height, block.miner, minTicket(parent.tipset)), block.ticket?.vrfProof),
      };
      expect(ours).toEqual({ blockSigOk: expected.blockSigOk, electionOk: expected.electionOk, ticketOk: expected.ticketOk });
      if (worker !== null) expect(formatAddress(blsAddress(worker.publicKey))).toBe(worker.address);
      found.worker += Number(worker !== null);
      found.blockSig += Number(ours.blockSigOk === true);
      found.election += Number(ours.electionOk === true);
      found.ticket += Number(ours.ticketOk === true);
    }
    expect(found).toEqual({ worker: 66, blockSig: 66, election: 66, ticket: 39 });
  });

  it('136 proofs and tickets: hashes and qualities, to the last bit', () => {
    let counted = 0;
    for (const [, block, expected] of blocks()) {
      const [proof, ticket] = [block.electionProof ?? expect.fail('no proof'), block.ticket ?? expect.fail('no ticket')];
      expect(electionDigest(proof.vrfProof).toString(16).padStart(64, '0')).toBe(expected.vrfHash);
      expect(toHex(blake2b256(ticket.vrfProof))).toBe(expected.ticketHash);
      expect(ticketQuality(ticket)).toBe(expected.ticketQuality);
      expect([formatAddress(block.miner), proof.winCount]).toEqual([expected.miner, expected.winCount]);
      counted++;
    }
    expect(counted).toBe(136);
  });

  it('37 win counts at powers that are known', () => {
    let counted = 0;
    for (const [tipset, block, expected] of blocks()) {
      const power = recorded.powerOf(tipset);
      expect(power === null).toBe(expected.power === undefined);
      if (power === null) continue;
      const claim = BigInt(power.claims[formatAddress(block.miner)] ?? expect.fail('no claim'));
      expect([claim, power.total]).toEqual(expected.power?.map(BigInt));
      const wins = computeWinCount(block.electionProof?.vrfProof ?? expect.fail('no proof'), claim, power.total);
      expect([wins, wins]).toEqual([block.electionProof?.winCount, expected.winCountComputed]);
      counted++;
    }
    expect(counted).toBe(37);
  });

  it('136 win counts: the interval of lambdas that gives them, both ends turning points', () => {
    let counted = 0;
    for (const [, block, { lambdaLo, lambdaHi, winCount: wins }] of blocks()) {
      const digest = electionDigest(block.electionProof?.vrfProof ?? expect.fail('no proof'));
      const near = (lambda: number, change: number) => winCount(digest, q256(lambda * (1 + change)));
      expect([near(lambdaLo, -1e-12), near(lambdaLo, 1e-12), near(lambdaHi, -1e-12), near(lambdaHi, 1e-12)]).toEqual([wins - 1, wins, wins, wins + 1]);
      counted++;
    }
    expect(counted).toBe(136);
  });

  it('32 weights: a child weighs its parent by a whole log2 of the power', () => {
    let counted = 0;
    for (const child of mined) {
      const parent = parentOf(child);
      const log2 = child.expected.weightLog2P;
      expect(log2 === undefined).toBe(parent === undefined);
      if (parent === undefined || log2 === undefined) continue;
      const weight = tipsetWeight(firstBlock(parent.tipset).parentWeight, 1n << BigInt(log2), totalWins(parent.tipset));
      for (const block of child.blocks) expect(block.parentWeight).toBe(weight);
      counted++;
    }
    expect(counted).toBe(32);
  });
});

/** A double as it is, in Q.256. */
function q256(value: number): bigint {
  return BigInt(Math.round(value * 2 ** 52)) << 204n;
}
