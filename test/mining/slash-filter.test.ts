/**
 * The slash filter: each fault with its witness, the same block as often as one likes, and agreement with a naive
 * re-statement over random histories.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CID, cidOf } from '../../src/chain/encoding/cid.ts';
import type { SlashFault } from '../../src/consensus/slash-fault.ts';
import { checkSlashFilter, type OwnBlock, type OwnBlocks } from '../../src/mining/slash-filter.ts';

function cid(n: number): CID {
  return cidOf(Uint8Array.of(n));
}

function block(n: number, epoch: number, ...parents: readonly number[]): OwnBlock {
  return { cid: cid(n), epoch, parents: parents.map(cid) };
}

/** What one miner bound, in two tables as a store would have them: by epoch, by parents. */
class Memory implements OwnBlocks {
  readonly #byEpoch = new Map<number, OwnBlock>();
  readonly #byParents = new Map<string, OwnBlock>();

  constructor(...blocks: readonly OwnBlock[]) {
    for (const own of blocks) this.bind(own);
  }

  bind(own: OwnBlock): void {
    this.#byEpoch.set(own.epoch, own);
    this.#byParents.set(own.parents.join(), own);
  }

  atEpoch(epoch: number): OwnBlock | undefined {
    return this.#byEpoch.get(epoch);
  }

  onParents(parents: readonly CID[]): OwnBlock | undefined {
    return this.#byParents.get(parents.join());
  }
}

const looking = (own: OwnBlocks): OwnBlocks => ({ atEpoch: (epoch) => own.atEpoch(epoch), onParents: (parents) => own.onParents(parents) });

function faultOf(own: OwnBlocks, candidate: OwnBlock, baseHeight: number): readonly [SlashFault, string] | null {
  const verdict = checkSlashFilter(own, candidate, baseHeight);
  return verdict.verdict === 'pass' ? null : [verdict.fault, verdict.witness.toString()];
}

describe('slash filter', () => {
  const own = new Memory(block(1, 10, 100, 101));
  const witness = cid(1).toString();

  it('lets the first block pass, and one that has nothing to do with it', () => {
    expect(checkSlashFilter(new Memory(), block(1, 10, 100), 9)).toEqual({ verdict: 'pass' });
    expect(checkSlashFilter(own, block(2, 12, 200), 11)).toEqual({ verdict: 'pass' });
  });

  it('lets the same block pass again and again', () => {
    for (let i = 0; i < 3; i++) expect(checkSlashFilter(own, block(1, 10, 100, 101), 9)).toEqual({ verdict: 'pass' });
  });

  it('parent-grinding the other way round: a block of an epoch before one that is out, where that is looked for', () => {
    const later = { ...looking(own), after: (epoch: number) => (epoch < 10 ? own.atEpoch(10) : undefined) };
    expect(faultOf(later, block(2, 9, 90), 8)).toEqual(['parent-grinding', witness]);
    expect(faultOf(own, block(2, 9, 90), 8)).toBeNull();
    expect(faultOf(later, block(2, 11, 1), 10)).toBeNull();
    expect(faultOf(later, block(1, 10, 100, 101), 9)).toBeNull();
  });

  it('double-fork: another block of the same epoch', () => {
    expect(faultOf(own, block(2, 10, 100), 9)).toEqual(['double-fork', witness]);
    expect(checkSlashFilter(own, block(2, 10, 100), 9)).toMatchObject({ why: expect.stringContaining(`refused ${cid(2)}`) });
  });

  it('time-offset: another epoch on the same parents', () => {
    expect(faultOf(own, block(2, 11, 100, 101), 9)).toEqual(['time-offset', witness]);
    expect(checkSlashFilter(own, block(2, 11, 100, 101), 9)).toMatchObject({
      why: expect.stringContaining(`${cid(1)} of epoch 10 already stands on the same parents`),
    });
    // Other parents, and the same in another order, are not the same.
    expect(faultOf(own, block(2, 11, 100), 9)).toBeNull();
    expect(faultOf(own, block(2, 11, 101, 100), 9)).toBeNull();
  });

  it('parent-grinding: a base of the height of an own block, without that block', () => {
    expect(faultOf(own, block(2, 11, 300, 301), 10)).toEqual(['parent-grinding', witness]);
    expect(faultOf(own, block(2, 13, 300), 10)).toEqual(['parent-grinding', witness]);
    expect(checkSlashFilter(own, block(2, 11, 300), 10)).toMatchObject({
      why: expect.stringContaining(`our own ${cid(1)} of epoch 10 is not among the parents`),
    });
  });

  it('no grinding with the own block among the parents, or on a base of another height', () => {
    expect(faultOf(own, block(2, 11, 300, 1), 10)).toBeNull();
    expect(faultOf(own, block(2, 12, 300), 11)).toBeNull();
    expect(faultOf(own, block(2, 11, 300), 9)).toBeNull();
  });

  it('names the first of several faults, in the order of Lotus', () => {
    const many = new Memory(block(1, 10, 100), block(2, 11, 200), block(3, 12, 300));
    // Epoch 11 is taken by 2, parents 300 by 3, and 1 of epoch 10 is not among them.
    expect(faultOf(many, block(9, 11, 300), 10)).toEqual(['double-fork', cid(2).toString()]);
    expect(faultOf(many, block(9, 13, 300), 10)).toEqual(['time-offset', cid(3).toString()]);
    expect(faultOf(many, block(9, 13, 400), 10)).toEqual(['parent-grinding', cid(1).toString()]);
  });
});

/** Few of everything, so that blocks clash; a block is all its fields, as its CID is of them. */
const drawn = fc
  .record({
    variant: fc.nat(1),
    epoch: fc.integer({ min: 1, max: 6 }),
    back: fc.integer({ min: 1, max: 3 }),
    parents: fc.uniqueArray(fc.constantFrom(1, 2, 3, 3), { minLength: 1, maxLength: 2 }),
  })
  .map(({ variant, epoch, back, parents }) => ({ variant, epoch, baseHeight: Math.max(0, epoch - back), parents }));

/** The three rules over the plain list of what went out (docs/protocol.md 2.14). */
function naive(sent: readonly (OwnBlock & { readonly baseHeight: number })[], next: OwnBlock, baseHeight: number): readonly [SlashFault, string] | null {
  const text = (one: OwnBlock) => one.cid.toString();
  for (const one of sent) if (one.epoch === next.epoch && text(one) !== text(next)) return ['double-fork', text(one)];
  for (const one of sent) if (one.parents.join() === next.parents.join() && text(one) !== text(next)) return ['time-offset', text(one)];
  for (const one of sent) if (one.epoch === baseHeight && !next.parents.map(String).includes(text(one))) return ['parent-grinding', text(one)];
  return null;
}

describe('over random histories', () => {
  it('a block passes again until its miner sends one for the very height it stands on: mined backwards, that is grinding', () => {
    const backwards = new Memory(block(2, 11, 300), block(1, 10, 200));
    expect(faultOf(backwards, block(2, 11, 300), 10)).toEqual(['parent-grinding', cid(1).toString()]);
  });

  it('the filter and the naive re-statement agree; what passed passes again, and never two of one epoch or one base', () => {
    const seen = { pass: 0, again: 0, 'double-fork': 0, 'time-offset': 0, 'parent-grinding': 0 };
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 15, maxLength: 30 }), (history) => {
        const memory = new Memory();
        const sent: (OwnBlock & { readonly baseHeight: number })[] = [];
        for (const { variant, epoch, baseHeight, parents } of history) {
          const own = sent.filter((one) => one.epoch === baseHeight).map((one) => one.cid);
          const names = parents.map((n) => (n === 3 && own[0] !== undefined ? own[0] : cid(100 + 10 * baseHeight + n)));
          const next: OwnBlock = { cid: cidOf(new TextEncoder().encode(JSON.stringify([variant, epoch, names.map(String)]))), epoch, parents: names };
          const found = faultOf(memory, next, baseHeight);
          expect(found).toEqual(naive(sent, next, baseHeight));
          if (found !== null) {
            seen[found[0]]++;
            continue;
          }
          seen[sent.some((one) => one.cid.equals(next.cid)) ? 'again' : 'pass']++;
          memory.bind(next);
          sent.push({ ...next, baseHeight });
          expect(faultOf(memory, next, baseHeight)).toBeNull();
        }
        for (const a of sent) {
          for (const b of sent) if (a.epoch === b.epoch || a.parents.join() === b.parents.join()) expect(a.cid.equals(b.cid)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
});
