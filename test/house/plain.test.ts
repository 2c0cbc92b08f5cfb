/**
 * Pages for people who read English as a second language: short sentences, no word that only we use; and README says in
 * a minute what this is and what it cannot do.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAGES = ['README.md', 'docs/commands.md', 'docs/journal.md', 'docs/testing.md', 'docs/json.md'];
const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Prose alone: no blocks of code, headings, and rows of tables; what stands in backticks counts as one word. */
function sentencesOf(page: string): readonly string[] {
  const prose = page
    .replaceAll(/^```[\s\S]*?^```$/gm, '\n')
    .split('\n')
    .filter((line) => !/^(#|\||<)/.test(line))
    .join('\n')
    .replaceAll(/`[^`\n]+`/g, 'CODE')
    .replaceAll(/\]\([^)]*\)/g, ']');
  return prose
    .split(/\n\s*\n|\n(?=\s*(?:-|\d+\.) )/)
    .flatMap((paragraph) => paragraph.replaceAll(/\s+/g, ' ').split(/(?<=[.!?:])\s+(?=[A-Z«[“(*])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const wordsIn = (sentence: string): number => sentence.split(' ').length;
const LONGEST = 40;

/** Of whoever wrote the code, and nobody else. */
const OURS = [
  /\bfold(s|ed|ing)?\b/i,
  /\bslash rows?\b/i,
  /\bto expect\b/i,
  /\b(leave|leaves|left) [^.]*\baway\b/i,
  /\bsaid here\b/i,
  /\bsee --help\b/i,
  /\bis none\b/i,
  /\ban end of\b/i,
];

describe.each(PAGES)('%s', (path) => {
  const sentences = sentencesOf(textOf(path));

  it(`has no sentence of more than ${LONGEST} words`, () => {
    expect(sentences.length).toBeGreaterThan(3);
    expect(sentences.filter((sentence) => wordsIn(sentence) > LONGEST)).toEqual([]);
  });

  it('has no word that only we use', () => {
    expect(sentences.flatMap((sentence) => (OURS.some((word) => word.test(sentence)) ? [sentence] : []))).toEqual([]);
  });
});

describe('README', () => {
  const [intro = '', ...sections] = textOf('README.md').split(/^## /m);

  it('says in a minute what it is, what it can and cannot do, and why not lotus-miner', () => {
    const [status = '', why = ''] = sections;
    expect(status).toMatch(/^Status\n[\s\S]*It cannot yet:\n/);
    expect(why).toMatch(/^Why not lotus-miner\?\n/);
    expect(wordsIn([intro, status, why].join(' ').replaceAll(/[|\s`-]+/g, ' '))).toBeLessThan(300);
  });
});
