/**
 * Fees, tickets and messages by the rule of their age, each at the last epoch of the old rule and the first of the new
 * (docs/protocol.md 4.1, 4.7).
 */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { delegatedAddress, idAddress } from '../../src/chain/address.ts';
import type { SignedMessage } from '../../src/chain/message.ts';
import { baseFeeOn, type FeeRule } from './base-facts.ts';
import { auditMade } from './made/audit.ts';
import type { MadeTipset } from './made/chain.ts';
import { leanMessage, madeMessage, nextNonce } from './made/message.ts';
import { BREEZE, BREEZE_END, HYGGE, HYPERDRIVE, NEW_SENDER_AT, RULES_CALICO, RULES_FIRE_HORSE, rulesChain, SMOKE } from './rules-chain.ts';
import { sampling } from './sampling.ts';
import { type BlockPlan, planBlock, signedBlocks, winner } from './sealed-block.ts';
import { NEW_SENDER, SENDER, SOLE } from './sole-miner.ts';
import { judgeOf, wrongsOf } from './verdicts.ts';

const { bls } = loadBls();
const { sample, extent } = sampling(bls);
const chain = rulesChain(bls);
const judge = judgeOf(chain);

/** What is wrong with a block beside the chain, as planned but for this. */
function wrongsAt(epoch: number, change: (plan: BlockPlan) => Partial<BlockPlan>): readonly string[] {
  const plan = planBlock(chain, epoch, SOLE, { base: chain.lastUpTo(epoch - 1) });
  return wrongsOf(judge, winner(chain, { ...plan, ...change(plan) }));
}

describe(`honest blocks${extent}`, () => {
  it.for(sample(signedBlocks(chain)).map((block) => [block.header.height, block] as const))('are good at %i', ([, block]) => {
    expect(wrongsOf(judge, block)).toEqual([]);
  });

  it('have the fees that the rules give by hand', () => {
    const fee = (epoch: number) => chain.at(epoch).tipset.blocks[0]?.parentBaseFee as bigint;
    expect(fee(1)).toBe(87_500_000n);
    expect([fee(BREEZE + 2), fee(BREEZE_END), fee(BREEZE_END + 1)]).toEqual([100n, 100n, 112n]);
    // 4.4e9 gas: a tenth over the target packed to 4/5, twelve hundredths below it unpacked.
    expect(fee(SMOKE + 1)).toBe(fee(SMOKE) + fee(SMOKE) / 80n);
    expect(fee(SMOKE + 2)).toBe(fee(SMOKE + 1) - (fee(SMOKE + 1) * 12n + 799n) / 800n);
    const atHorse = fee(RULES_FIRE_HORSE);
    const eighth = (atHorse + 7n) / 8n;
    expect(fee(RULES_FIRE_HORSE + 1)).toBe(atHorse + (40n - eighth < eighth ? 40n - eighth : eighth));
  });
});

describe('a base fee by the rule of another age', () => {
  it.for([
    [BREEZE + 1, 'breeze'],
    [BREEZE + 2, 'packed'],
    [BREEZE_END, 'packed'],
    [BREEZE_END + 1, 'breeze'],
    [SMOKE + 1, 'gas'],
    [SMOKE + 2, 'packed'],
    [RULES_FIRE_HORSE, 'premium'],
    [RULES_FIRE_HORSE + 1, 'gas'],
  ] as readonly (readonly [number, FeeRule])[])('is wrong at %i: %s', ([epoch, rule]) => {
    expect(wrongsAt(epoch, ({ base }) => ({ baseFee: baseFeeOn(chain, base, rule) }))).toEqual(['base-fee']);
  });
});

describe("a ticket and the base's least ticket", () => {
  it.for([
    ['not bound to it at Smoke itself', SMOKE, false, []],
    ['bound to it at Smoke itself', SMOKE, true, ['ticket-vrf']],
    ['bound to it after Smoke', SMOKE + 1, true, []],
    ['not bound to it after Smoke', SMOKE + 1, false, ['ticket-vrf']],
  ] as const)('%s', ([, epoch, isTicketBound, wrong]) => {
    expect(wrongsAt(epoch, () => ({ isTicketBound }))).toEqual(wrong);
  });
});

type Messages = (base: MadeTipset) => readonly SignedMessage[];

const lean =
  (base: number, perByte: number): Messages =>
  (tipset) => [leanMessage(bls, chain.sender, nextNonce(tipset, SENDER), base, perByte)];
const toEthereum: Messages = (tipset) => [
  madeMessage(bls, chain.sender, { nonce: nextNonce(tipset, SENDER), to: delegatedAddress(10n, new Uint8Array(20).fill(7)) }),
];
/** Two messages of one sender under both its addresses, the second so many nonces later. */
const byBothNames =
  (later: bigint): Messages =>
  (tipset) => {
    const nonce = nextNonce(tipset, SENDER);
    return [madeMessage(bls, chain.sender, { nonce }), madeMessage(bls, chain.sender, { nonce: nonce + later, from: idAddress(SENDER) })];
  };
const byNewSender: Messages = () => [madeMessage(bls, chain.newSender, { nonce: 0n, from: idAddress(NEW_SENDER) })];

describe(`messages about an upgrade${extent}`, () => {
  const rows: readonly (readonly [what: string, epoch: number, messages: Messages, wrong: readonly string[]])[] = [
    ['the gas of the first price list before Calico', RULES_CALICO - 1, lean(38_863, 1000), []],
    ['a unit less', RULES_CALICO - 1, lean(38_862, 1000), ['message-inclusion']],
    ['the gas of the first price list at Calico itself', RULES_CALICO, lean(38_863, 1000), ['message-inclusion']],
    ["the gas of Calico's price list at Calico itself", RULES_CALICO, lean(38_863, 1300), []],
    ["the gas of Calico's price list before Hygge", HYGGE - 1, lean(38_863, 1300), []],
    ["the gas of Calico's price list at Hygge itself", HYGGE, lean(38_863, 1300), ['message-inclusion']],
    ["the gas of Hygge's price list at Hygge itself", HYGGE, lean(513_863, 1300), []],
    ['a unit less', HYGGE, lean(513_862, 1300), ['message-inclusion']],
    ['an f4 receiver at Hygge itself', HYGGE, toEthereum, ['message-inclusion']],
    ['an f4 receiver after Hygge', HYGGE + 1, toEthereum, []],
    ["nonces by address up to Hyperdrive's height", HYPERDRIVE, byBothNames(0n), []],
    ["nonces by actor at Hyperdrive's height", HYPERDRIVE, byBothNames(1n), ['senders']],
    ['nonces by actor after Hyperdrive', HYPERDRIVE + 1, byBothNames(1n), []],
    ['nonces by address after Hyperdrive', HYPERDRIVE + 1, byBothNames(0n), ['senders']],
    ['a sender by an id that is new in the base', NEW_SENDER_AT + 1, byNewSender, []],
    ['a sender by an id that will be new in the next tipset', NEW_SENDER_AT, byNewSender, ['senders', 'bls-aggregate']],
  ];

  it.for(sample(rows))('%s (at %i)', ([, epoch, messages, wrong]) => {
    expect(wrongsAt(epoch, ({ base }) => ({ messages: messages(base) }))).toEqual(wrong);
  });
});

describe('an audit of the chain in a file', () => {
  const from = bls.name === 'noble' ? RULES_FIRE_HORSE : 0;

  it(`finds nothing wrong from ${from} on`, async () => {
    const blocks = signedBlocks(chain).filter(({ header }) => header.height >= from).length;
    expect(await auditMade(chain, from, chain.head().height)).toEqual({ blocks, wrong: [], notCheckable: [], instead: [] });
  });
});
