/**
 * What ports answer is looked at before it is signed, bound or sent; a wrong answer costs its epoch and nothing else
 * (issues: «answers of the node enter a signature or a block unseen»).
 */

import { describe, expect, it } from 'vitest';
import { keySigner } from '../../src/adapters/key-signer.ts';
import { blsAddress, parseAddress } from '../../src/chain/address.ts';
import type { SignedMessage } from '../../src/chain/message.ts';
import { signHeader } from '../../src/consensus/block-template.ts';
import { TOTAL_FILECOIN } from '../../src/consensus/messages/message-validity.ts';
import type { MinerOptions, MinerOutcome } from '../../src/miner.ts';
import type { MiningBaseInfo, Node } from '../../src/ports/node.ts';
import type { Signer } from '../../src/ports/signer.ts';
import { bls } from '../runtime/fixtures/run-epochs.ts';
import { messageOf, SEED } from '../runtime/fixtures/small-chain.ts';
import { smallMiner } from '../runtime/fixtures/small-miner.ts';

const EPOCH = 3;
const key = bls.keygen(SEED);
const otherKey = bls.keygen(new Uint8Array(32).fill(10));

/** Outcomes of the epoch and of the next, and the blocks that were sent. */
async function run(around: (node: Node) => Node, options: Partial<MinerOptions> = {}) {
  const { miner, chain, faults, runTo } = await smallMiner(options, around);
  const outcomes = new Map<number, MinerOutcome['outcome']>();
  miner.outcomes$.subscribe(({ epoch, outcome }) => outcomes.set(epoch, outcome));
  await miner.start();
  await runTo(EPOCH + 3);
  await miner.stop();
  const heights = chain.submitted.map(({ header }) => header.height);
  return { of: outcomes.get(EPOCH), next: outcomes.get(EPOCH + 1), heights, block: chain.submitted.find(({ header }) => header.height === EPOCH), faults };
}

const many = Array.from({ length: 10_001 }).fill(messageOf(0n, { gasLimit: 1n })) as SignedMessage[];
const withNonce = ({ message, signature }: SignedMessage, nonce: number): SignedMessage => ({ message: { ...message, nonce: BigInt(nonce) }, signature });

describe('messages that would break the block', () => {
  const gas = { gasLimit: 9_000_000_000n };
  const cases: Readonly<Record<string, readonly [chosen: readonly SignedMessage[], kept: number]>> = {
    'gas over the limit of a block': [Array.from({ length: 5 }, (_, i) => messageOf(BigInt(i), gas)), 1],
    'a nonce gap': [[messageOf(0n), messageOf(5n)], 1],
    'the same message twice': [[messageOf(0n), messageOf(0n)], 1],
    'a value above all FIL': [[messageOf(0n), messageOf(1n, { value: TOTAL_FILECOIN + 1n }), messageOf(2n)], 1],
    '10,001 messages of too little gas': [many.map((signed, i) => withNonce(signed, i)), 0],
    'a message that was altered after it was signed': [[messageOf(0n), withNonce(messageOf(7n), 1), messageOf(2n)], 1],
    'a premium above its cap': [[messageOf(0n, { gasPremium: 500n })], 0],
    'a fee cap below what the base leads to': [[messageOf(0n, { gasFeeCap: 99n })], 0],
    'a BLS signature that is no point': [
      [
        messageOf(0n),
        { message: messageOf(0n, { from: blsAddress(bls.publicKey(key)) }).message, signature: { type: 2, data: new Uint8Array(96).fill(0x9f) } },
      ],
      1,
    ],
  };

  it.for(Object.entries(cases))('%s: it is mined without them', async ([, [chosen, kept]]) => {
    const { of, next, block, faults } = await run((node) => ({ ...node, selectMessages: async () => chosen }));
    expect([of, next]).toMatchObject([{ outcome: 'mined' }, { outcome: 'mined' }]);
    expect((block?.blsMessages.length ?? 0) + (block?.secpkMessages.length ?? 0)).toBe(kept);
    expect(faults.every(({ code }) => code === 'MESSAGES_LEFT_OUT') && faults.length > 0).toBe(true);
  });
});

describe('a signer', () => {
  const answering = (which: 'election' | 'ticket', wrong: (right: Uint8Array) => Uint8Array): Partial<MinerOptions> => {
    const signer = keySigner(bls, [key]);
    let asked = 0;
    const made: Signer = {
      async signVrf(address, message, signal) {
        const right = await signer.signVrf(address, message, signal);
        // Two an epoch: the election, then the ticket.
        const isIt = asked++ === 2 * (EPOCH - 1) + (which === 'election' ? 0 : 1);
        return isIt ? wrong(right) : right;
      },
    };
    return { signer: made };
  };
  const wrongs: Readonly<Record<string, (right: Uint8Array) => Uint8Array>> = {
    '96 other bytes': () => new Uint8Array(96).fill(1),
    'the signature of another key': () => bls.sign(otherKey, new Uint8Array(32)),
    'a bit flipped': (right) => right.map((byte, i) => (i === 95 ? byte ^ 1 : byte)),
  };

  it.for(['election', 'ticket'] as const)('that answers wrong bytes for the %s: failed at once, nothing sent, the next epoch mined', async (which) => {
    for (const wrong of Object.values(wrongs)) {
      const { of, next, heights, faults } = await run((node) => node, answering(which, wrong));
      expect(of).toMatchObject({ outcome: 'failed', stage: which, failure: { code: 'VRF_INVALID', retryable: false } });
      expect([next, faults]).toMatchObject([{ outcome: 'mined' }, []]);
      expect(heights).not.toContain(EPOCH);
    }
  });
});

describe('a created block', () => {
  const creating =
    (wrong: (block: Awaited<ReturnType<Node['createBlock']>>) => Awaited<ReturnType<Node['createBlock']>>) =>
    (node: Node): Node => ({
      ...node,
      async createBlock(template, signal) {
        const block = await node.createBlock(template, signal);
        return template.epoch === EPOCH ? wrong(block) : block;
      },
    });
  const cases: Readonly<Record<string, readonly [Parameters<typeof creating>[0], string]>> = {
    'without a signature': [(block) => ({ ...block, header: { ...block.header, blockSig: null } }), 'not signed by the worker key'],
    'signed by another key': [(block) => ({ ...block, header: signHeader(bls, otherKey, block.header) }), 'not signed by the worker key'],
    'signed as secp256k1': [
      (block) => ({ ...block, header: { ...block.header, blockSig: { type: 1, data: block.header.blockSig?.data ?? new Uint8Array(96) } } }),
      'not signed by the worker key',
    ],
    'of another height': [(block) => ({ ...block, header: signHeader(bls, key, { ...block.header, height: EPOCH + 1 }) }), "the block's height"],
    'with another proof': [(block) => ({ ...block, header: signHeader(bls, key, { ...block.header, winPoStProof: [] }) }), "the block's winPoStProof"],
    'with a base fee that no messages lead to': [
      (block) => ({ ...block, header: signHeader(bls, key, { ...block.header, parentBaseFee: 10_000n }) }),
      "the block's parentBaseFee",
    ],
    'with a weight below its base': [
      (block) => ({ ...block, header: signHeader(bls, key, { ...block.header, parentWeight: -1n }) }),
      "the block's parentWeight",
    ],
    'with one message more': [(block) => ({ ...block, secpkMessages: [...block.secpkMessages, ...block.secpkMessages] }), "the block's messages"],
  };

  it.for(Object.entries(cases))('%s is refused, and the next epoch mined', async ([, [wrong, detail]]) => {
    const { of, next, heights } = await run(creating(wrong));
    expect(of).toMatchObject({ outcome: 'refused', why: 'invalid', detail: expect.stringContaining(detail) });
    expect(next).toMatchObject({ outcome: 'mined' });
    expect(heights).not.toContain(EPOCH);
  });
});

describe('base info', () => {
  const telling =
    (wrong: (info: MiningBaseInfo) => MiningBaseInfo) =>
    (node: Node): Node => ({
      ...node,
      async miningBaseInfo(miner, epoch, base, signal) {
        const info = await node.miningBaseInfo(miner, epoch, base, signal);
        return epoch === EPOCH && info !== null ? wrong(info) : info;
      },
    });
  const cases: Readonly<Record<string, readonly [Parameters<typeof telling>[0], string]>> = {
    'of no sectors': [(info) => ({ ...info, sectors: [] }), 'BASE_INFO_SECTORS'],
    'of two sectors': [(info) => ({ ...info, sectors: [...info.sectors, ...info.sectors] }), 'BASE_INFO_SECTORS'],
    'of sectors of no size': [(info) => ({ ...info, sectorSize: 3n }), 'BASE_INFO_SECTORS'],
    'of a worker without a BLS key': [(info) => ({ ...info, workerKey: parseAddress('f0100') }), 'BASE_INFO_WORKER'],
    'of more power than there is': [(info) => ({ ...info, minerPower: info.networkPower + 1n }), 'BASE_INFO_POWER'],
    'of a network without power': [(info) => ({ ...info, minerPower: 0n, networkPower: 0n }), 'BASE_INFO_POWER'],
  };

  it.for(Object.entries(cases))('%s: failed before anything is signed', async ([, [wrong, code]]) => {
    const { of, next, heights } = await run(telling(wrong));
    expect(of).toMatchObject({ outcome: 'failed', stage: 'base-info', failure: { code, retryable: false } });
    expect(next).toMatchObject({ outcome: 'mined' });
    expect(heights).not.toContain(EPOCH);
  });

  it("of another miner's key that is held here too: the block is signed by the chain's worker, and refused", async () => {
    const signer = keySigner(bls, [key, otherKey]);
    const { of, next, heights } = await run(
      telling((info) => ({ ...info, workerKey: blsAddress(bls.publicKey(otherKey)) })),
      { signer },
    );
    expect(of).toMatchObject({ outcome: 'refused', why: 'invalid', detail: expect.stringContaining('not signed by the worker key') });
    expect(next).toMatchObject({ outcome: 'mined' });
    expect(heights).not.toContain(EPOCH);
  });
});

describe('a proof', () => {
  const right = { postProof: 0, proofBytes: Uint8Array.from('valid proof', (letter) => letter.charCodeAt(0)) };
  it.for([
    ['none', []],
    ['two', [right, right]],
    ['a window proof', [{ ...right, postProof: 5 }]],
    ['192 bytes where the mock is asked for', [{ ...right, proofBytes: new Uint8Array(192) }]],
  ] as const)('%s: failed, nothing sent', async ([, proofs]) => {
    const prover = { winningPost: async ({ epoch }: { readonly epoch: number }) => (epoch === EPOCH ? proofs : [right]) };
    const { of, next, heights } = await run((node) => node, { prover });
    expect(of).toMatchObject({ outcome: 'failed', stage: 'prove', failure: { code: 'PROOF_INVALID' } });
    expect(next).toMatchObject({ outcome: 'mined' });
    expect(heights).not.toContain(EPOCH);
  });
});
