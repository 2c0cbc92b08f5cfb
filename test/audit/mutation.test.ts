/**
 * Checks can fail: each field that a check guards made wrong in a devnet block, all else made to match and signed with
 * its key, turns that check and no other.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { blockCid } from '../../src/chain/block-header.ts';
import { BLOCK_CHECKS, type CheckResult } from '../../src/consensus/validation/block-validation.ts';
import { ABSENT, type Devnet, headerAt, openDevnet } from './fixtures/devnet.ts';
import { type Forgery, judgeForgery, lengthened, type Original, originalAt, remade, signed, withMessages } from './fixtures/forge.ts';
import { BEACON_MUTATIONS, CHAIN_MUTATIONS, FORM_MUTATIONS, MINING_MUTATIONS, nextEntry } from './fixtures/header-mutations.ts';
import { INCLUSION_MUTATIONS, leastGas, MESSAGE_ROOT_MUTATIONS, SENDER_MUTATIONS, SIGNATURE_MUTATIONS } from './fixtures/message-mutations.ts';
import { AFTER_NULLS, MANY_MESSAGES, type Mutation, type Place, WIDE_BASE, WINS_NEXT } from './fixtures/mutation.ts';
import { ROOT_MUTATIONS } from './fixtures/root-mutations.ts';
import { above, facing, faultUntil, raw, STATE_MUTATIONS } from './fixtures/state-mutations.ts';

const MUTATIONS: readonly Mutation[] = [
  FORM_MUTATIONS,
  CHAIN_MUTATIONS,
  BEACON_MUTATIONS,
  MINING_MUTATIONS,
  STATE_MUTATIONS,
  ROOT_MUTATIONS,
  MESSAGE_ROOT_MUTATIONS,
  INCLUSION_MUTATIONS,
  SENDER_MUTATIONS,
  SIGNATURE_MUTATIONS,
].flat();

let devnet: Devnet;
beforeAll(async () => {
  devnet = await openDevnet();
});

function at([epoch, miner]: Place): Original {
  return originalAt(devnet, epoch, miner);
}

/** Checks that do not say what they say of the block as it was recorded, and what they say. */
function turned(original: Original, results: readonly CheckResult[]): Readonly<Record<string, string>> {
  const recorded = new Map(judgeForgery(original, { header: original.header }).map(({ check, verdict }) => [check, verdict.verdict]));
  const others = results.filter(({ check, verdict }) => verdict.verdict !== recorded.get(check));
  return Object.fromEntries(others.map(({ check, verdict }) => [check, verdict.verdict]));
}

describe('a mutated block', () => {
  it.each(MUTATIONS.map((mutation): [string, string, Mutation] => [mutation.guard, mutation.name, mutation]))('%s: %s', (_guard, _name, mutation) => {
    const original = at(mutation.at ?? WIDE_BASE);
    const results = judgeForgery(original, mutation.forge(original));
    const wrong = [mutation.guard, ...(mutation.also ?? [])].map((check) => [check, 'wrong']);
    const unasked = (mutation.unasked ?? []).map((check) => [check, 'not-checkable']);
    expect(turned(original, results)).toEqual(Object.fromEntries([...wrong, ...unasked]));
    for (const { verdict } of results) {
      if (verdict.verdict !== 'wrong') continue;
      expect(verdict.expected).not.toBe('');
      expect(verdict.found).not.toBe(verdict.expected);
    }
  });

  it('turns every check there is', () => {
    const guarded = new Set(MUTATIONS.map(({ guard }) => guard));
    expect(BLOCK_CHECKS.map(({ name }) => name).filter((name) => !guarded.has(name))).toEqual([]);
  });

  it('says why wherever more than one check is expected to turn', () => {
    for (const { name, also = [], unasked = [], because = '' } of MUTATIONS) expect([name, because !== '']).toEqual([name, also.length + unasked.length > 0]);
  });
});

describe('a block that is only different', () => {
  const right: readonly (readonly [name: string, place: Place, forge: (o: Original) => Forgery])[] = [
    ['as it was recorded', WIDE_BASE, ({ header }) => ({ header })],
    ['with all its messages', MANY_MESSAGES, ({ header }) => ({ header })],
    [
      'for the next epoch on the same base',
      WINS_NEXT,
      (o) => ({ header: remade(o, { ...nextEpoch(o), beaconEntries: [...o.header.beaconEntries, nextEntry(o)] }) }),
    ],
    ['of another miner on the same base, drawn anew', WIDE_BASE, (o) => ({ header: remade(o, { miner: headerAt(devnet, 108, 'f01002').miner }) })],
    [
      'with aggregated messages of two senders in another order',
      MANY_MESSAGES,
      (o) =>
        withMessages(
          o,
          [2, 0, 3, 1].map((i) => o.bls[i] as (typeof o.bls)[number]),
          o.secpk,
        ),
    ],
    [
      'with the last message of each sender left out',
      MANY_MESSAGES,
      (o) => withMessages(o, [o.bls[0], o.bls[2]] as typeof o.bls, [o.secpk[0], o.secpk[2]] as typeof o.secpk),
    ],
    ['without messages', MANY_MESSAGES, (o) => withMessages(o, [], [])],
    [
      'with a message that pays exactly the least gas',
      MANY_MESSAGES,
      (o) =>
        withMessages(
          o,
          o.bls.map((m) => ({ ...m, gasLimit: leastGas(o, m) })),
          o.secpk,
        ),
    ],
    ['with its parents in another order', WIDE_BASE, (o) => ({ header: signed(o, { parents: [...o.header.parents].reverse() }) })],
    ['with bytes after its aggregate', MANY_MESSAGES, (o) => ({ header: signed(o, { blsAggregate: lengthened(o.header.blsAggregate) }) })],
    ['that signals', WIDE_BASE, (o) => ({ header: signed(o, { forkSignaling: 7n }) })],
    ['with other receipts of a base with messages, which need execution', WIDE_BASE, (o) => ({ header: signed(o, { parentMessageReceipts: ABSENT }) })],
    ['with another state, which needs execution', AFTER_NULLS, (o) => ({ header: signed(o, { parentStateRoot: ABSENT }) })],
    ['by a miner with just enough power where four have it', WIDE_BASE, (o) => facing(o, 'minimum', (a) => above(4)(raw(o, 2048n)(a)))],
    ['by a miner with a byte of power where three have enough', WIDE_BASE, (o) => facing(o, 'minimum', (a) => above(3)(raw(o, 1n)(a)))],
    ['by a miner whose fault ended before the base', WIDE_BASE, (o) => facing(o, 'base', faultUntil(o, o.base.height - 1))],
  ];

  it.each(right)('is right: %s', (_name, place, forge) => {
    const original = at(place);
    expect(turned(original, judgeForgery(original, forge(original)))).toEqual({});
  });

  function nextEpoch({ header }: Original) {
    return { height: header.height + 1, timestamp: header.timestamp + 4n };
  }
});

describe('what is said besides', () => {
  const verdictOn = (original: Original, forgery: Forgery, name: string) => judgeForgery(original, forgery).find(({ check }) => check === name)?.verdict;

  it('of parents in another order: a note, as a node takes them', () => {
    const original = at(WIDE_BASE);
    const parents = [...original.header.parents].reverse();
    expect(verdictOn(original, { header: signed(original, { parents }) }, 'parents')).toEqual({
      verdict: 'ok',
      note: expect.stringContaining('another order'),
    });
  });

  it('of too little power: the rule, not the count that the state has', () => {
    const original = at(WIDE_BASE);
    const forgery = facing(original, 'minimum', (a) => above(9)(raw(original, 1n)(a)));
    expect(verdictOn(original, forgery, 'minimum-power')).toEqual({
      verdict: 'wrong',
      expected: '2048 bytes of raw power, or any while fewer than 4 miners have that much (9 have)',
      found: expect.stringContaining('1 raw'),
    });
  });

  it('of a state that only a block claims: which, and that nothing else vouches for it', () => {
    const original = at(WIDE_BASE);
    for (const [check, claimed] of [
      ['claim', 'power of state before 107, a root that only epoch 107 claims'],
      ['parent-weight', 'power of state before 107, a root that only epoch 107 claims'],
      ['standing', 'miner of state before 107, a root that only epoch 107 claims'],
      ['senders', 'nonces of state before 108, a root that only epoch 108 claims'],
    ])
      expect(verdictOn(original, { header: original.header }, check as string)).toEqual({ verdict: 'ok', claimed });
    // The lookback is genesis.
    expect(verdictOn(original, { header: original.header }, 'win-count')).toEqual({ verdict: 'ok' });
  });
});

describe('the forger', () => {
  it('makes the recorded blocks themselves, byte for byte, from their keys and messages', () => {
    for (const place of [WIDE_BASE, AFTER_NULLS, MANY_MESSAGES]) {
      const original = at(place);
      expect(blockCid(remade(original, {}))).toEqual(original.cid);
      expect(blockCid(withMessages(original, original.bls, original.secpk).header)).toEqual(original.cid);
    }
  });

  it('builds the recorded states themselves, byte for byte, from their fields', () => {
    const original = at(WIDE_BASE);
    const { states } = facing(original, 'base', (a) => above(3)(faultUntil(original, -1)(a)));
    expect(states?.base).toEqual(original.round.baseState().tree.root);
  });
});
