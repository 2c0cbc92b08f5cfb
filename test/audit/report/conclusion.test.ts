/** The last sentence of an audit: what was looked at, and never more. */

import { describe, expect, it } from 'vitest';
import { conclusionOf, unaskedOf } from '../../../src/audit/report/conclusion.ts';
import type { CheckTotals, Summary } from '../../../src/audit/report/summary.ts';
import { BLOCK_CHECKS } from '../../../src/consensus/validation/block-validation.ts';

const NAMES = BLOCK_CHECKS.map(({ name }) => name);

type Counts = Partial<Pick<CheckTotals, 'okInstead' | 'wrong' | 'notCheckable'>>;

/** All rules asked and held, but for these. */
function summaryOf(blocks: number, others: Readonly<Record<string, Counts>> = {}, more: Partial<Summary> = {}): Summary {
  const checks = NAMES.map((check) => {
    const { okInstead = 0, wrong = 0, notCheckable = 0 } = others[check] ?? {};
    return { check, ok: blocks - okInstead - wrong - notCheckable, okInstead, wrong, notCheckable, reasons: new Map<string, number>() };
  });
  const messages = { bls: 0, secpk: 0, uniqueBls: 0, uniqueSecpk: 0, aggregates: 0 };
  return {
    genesis: null,
    blocks,
    tipsets: blocks,
    nullRounds: 0,
    wrongBlocks: 0,
    missingBlocks: 0,
    beyondBlocks: 0,
    checks,
    miners: [],
    messages,
    faults: [],
    unreached: { headers: 0, isCut: false },
    ...more,
  };
}

const of = (names: readonly string[], counts: Counts): Readonly<Record<string, Counts>> => Object.fromEntries(names.map((name) => [name, counts]));
const ROOTS = ['state-root', 'receipts-root'];
const OF_HEADERS = ['form', 'header-cid', 'parents', 'timestamp', 'beacon-rounds', 'beacon-signatures'];
const without = (...names: readonly string[]): readonly string[] => NAMES.filter((name) => !names.includes(name));

describe('the conclusion', () => {
  it.each([
    [
      'all but what needs execution',
      summaryOf(299, of(ROOTS, { notCheckable: 299 })),
      '21 of 23 rules held on 299 blocks; state and receipts roots were not executed',
    ],
    ['one of the roots known', summaryOf(9, of(['state-root'], { notCheckable: 8 })), '22 of 23 rules held on 9 blocks; state roots were not executed'],
    ['all', summaryOf(3), '23 of 23 rules held on 3 blocks'],
    ['headers only', summaryOf(9, of(without(...OF_HEADERS), { notCheckable: 9 })), '6 of 23 rules could be asked: this file holds headers only'],
    [
      'headers only, one of them on genesis, whose roots are known',
      summaryOf(9, { ...of(without(...OF_HEADERS), { notCheckable: 9 }), ...of(ROOTS, { notCheckable: 8 }) }),
      '6 of 23 rules could be asked: this file holds headers only',
    ],
    ['no block', summaryOf(0), 'no block was judged'],
    ['genesis alone', summaryOf(0, {}, { genesis: { cid: 'g', checks: [] } }), 'no block but genesis was judged'],
    [
      'another genesis',
      summaryOf(3, {}, { genesis: { cid: 'g', checks: [{ check: 'genesis-cid', verdict: { verdict: 'wrong', expected: 'h', found: 'g' } }] } }),
      'genesis is wrong; 23 of 23 rules held on 3 blocks',
    ],
    [
      'states that are not known to be right, and proofs',
      summaryOf(4, { claim: { okInstead: 3 }, senders: { notCheckable: 1 }, 'winning-post': { notCheckable: 4 } }),
      '21 of 23 rules held on 4 blocks, 1 of them by states that are not known to be right («ok~»); senders could not be asked of 1; winning PoSt proofs were not verified',
    ],
    [
      'a wrong block: its rule did not hold',
      summaryOf(4, { claim: { wrong: 1 } }, { wrongBlocks: 1 }),
      '1 of 4 blocks are wrong; 22 of 23 rules held on 4 blocks',
    ],
    [
      'a block that is missing, which says nothing of the others',
      summaryOf(4, of(NAMES, { notCheckable: 1 }), { missingBlocks: 1 }),
      '1 of 4 blocks could not be read: not in the source; 23 of 23 rules held on 3 blocks',
    ],
    [
      'many rules that some blocks leave open',
      summaryOf(4, of(NAMES.slice(0, 5), { notCheckable: 1 })),
      '18 of 23 rules held on 4 blocks; 5 rules could not be asked of some blocks',
    ],
  ])('of %s', (_name, summary, text) => {
    expect(conclusionOf(summary)).toBe(text);
  });
});

describe('required rules', () => {
  it('were not asked where one block leaves them open, or where there is no block', () => {
    expect(unaskedOf(summaryOf(9, of(ROOTS, { notCheckable: 1 })), ['form', 'state-root'])).toEqual(['state-root']);
    expect(unaskedOf(summaryOf(9, { form: { wrong: 1, okInstead: 8 } }), NAMES)).toEqual([]);
    expect(unaskedOf(summaryOf(0), ['form', 'claim'])).toEqual(['form', 'claim']);
  });
});
