/** Lines as wide as a terminal: broken between words alone, in the colour of what was broken. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, headLines, rowLines, tableLines } from '../../../src/cli/terminal/table.ts';
import { lengthOf, sentenceLines, under } from '../../../src/cli/terminal/wrap.ts';

const root = new URL('../../../', import.meta.url);
const CID = 'bafy2bzacearqqmg5stswup4kxbxgbyi7v56twyjm53cgj24tpnsj64oyixqvc';

describe('a sentence', () => {
  it('is broken between words, and goes on as far in as it began', () => {
    expect(sentenceLines('  it waited for the proof', 14)).toEqual(['  it waited', '  for the', '  proof']);
    expect(sentenceLines('short', 20)).toEqual(['short']);
  });

  it('gives what is pasted a line of its own, as long as it is', () => {
    expect(sentenceLines(`wrong: expected ${CID}, found it`, 20)).toEqual(['wrong: expected', `${CID},`, 'found it']);
    expect(sentenceLines('nothing is there; see `mineone journal stat --data x`', 20)).toEqual(['nothing is there;', 'see', '`mineone journal stat --data x`']);
    expect(sentenceLines("Wrote '/mnt/the far disk/f01000.epoch'", 20)).toEqual(['Wrote', "'/mnt/the far disk/f01000.epoch'"]);
    expect(sentenceLines("drand's entry of the miner's epoch", 20)).toEqual(["drand's entry of the", "miner's epoch"]);
  });

  it('is set in less where a word has no room beside that', () => {
    expect(sentenceLines(`         ${CID}`, 80)).toEqual([`         ${CID}`]);
    expect(sentenceLines('          winning-post-proof: wrong', 20)).toEqual([' winning-post-proof:', '          wrong']);
    expect(sentenceLines(`         ${CID}`, 20)).toEqual([CID]);
  });

  it('keeps its colour on each line, whole or in part', () => {
    expect(sentenceLines('\u001b[31mwrong by far\u001b[39m', 6)).toEqual(['\u001b[31mwrong\u001b[39m', '\u001b[31mby far\u001b[39m']);
    expect(sentenceLines('see \u001b[1mbold words\u001b[22m here', 8)).toEqual(['see \u001b[1mbold\u001b[22m', '\u001b[1mwords\u001b[22m', 'here']);
  });

  it('stands beside its heading, in lines of 80 at most', () => {
    expect(under('Epochs', 'one two three', 9, 18)).toEqual(['Epochs   one two', '         three']);
    expect(under('a', 'word '.repeat(30).trim(), 3).every((line) => line.length <= 80)).toBe(true);
  });
});

const cell = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', ' ', '-'), maxLength: 30 });

describe('any text', () => {
  it('loses no word, and has no line wider than the terminal but of one word', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (cells, limit) => {
        const text = cells.join(' ');
        const lines = sentenceLines(text, limit);
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(text.split(/ +/).filter(Boolean));
        for (const line of lines) expect(lengthOf(line) <= limit || !line.trim().includes(' ')).toBe(true);
      }),
    );
  });

  it('in a table loses no cell either', () => {
    const row = fc.array(cell, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 90 }), (rows, limit) => {
        const lines = tableLines(
          ['epoch', 'miner', 'what became of it', 'luck'].map((title) => ({ title })),
          rows,
          limit,
        );
        const seen = lines.join(' ').split(/ +/);
        for (const word of rows.flat().join(' ').split(/ +/).filter(Boolean)) expect(seen).toContain(word);
        for (const line of lines) expect(lengthOf(line) <= limit || !line.trim().includes(' ')).toBe(true);
      }),
    );
  });
});

describe('a table', () => {
  const columns: readonly Column[] = [
    { title: 'miner' },
    { title: 'what became of it' },
    { title: 'epochs', align: 'right' },
    { title: 'wins', align: 'right' },
  ];
  const row = ['f01000', 'no election: ineligible: consensus-fault', 3, ''];

  it('of luck with a long reason in its middle is no wider than 40 columns, and each value has its name', () => {
    expect(tableLines(columns, [row], 40)).toEqual(['miner: f01000', '  what became of it: no election:', '    ineligible: consensus-fault', '  epochs: 3']);
    expect(tableLines(columns, [row], 80)).toEqual([
      'miner   what became of it                         epochs  wins',
      'f01000  no election: ineligible: consensus-fault       3',
    ]);
  });

  it('has no head where its rows name their values; where a row alone is too wide, that one does', () => {
    expect(headLines(columns, 20)).toEqual([]);
    expect(rowLines(columns, ['f01000', 'mined', 3, 4], 20)).toEqual(['miner: f01000', '  what became of it:', '    mined', '  epochs: 3  wins: 4']);
    expect(headLines(columns, 45)).toHaveLength(1);
    expect(rowLines(columns, row, 45)).toEqual(['miner: f01000', '  what became of it: no election: ineligible:', '    consensus-fault', '  epochs: 3']);
  });
});

describe('what the commands print', () => {
  /**
   * Documents for scripts, and what is pasted as a whole: keys, a configuration, a seal, a shell's completion, a file
   * of lines that stay.
   */
  const WHOLE =
    /toJson\(|Json\(\)|exported|\$\{address\}|stringify\(masked\)|write\(text\)|BASH_COMPLETION|jsonLines|unverifiedLine\(journal, json\)|failureText/;

  it('goes out as wide as the terminal, or is to be read by a script or pasted', () => {
    const files = readdirSync(new URL('src/cli/', root), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.startsWith('terminal'),
    );
    expect(files.length).toBeGreaterThan(40);
    const writes = files.flatMap((path) =>
      readFileSync(new URL(`src/cli/${path}`, root), 'utf8')
        .split('\n')
        .filter((line) => /process\.std(out|err)\.write\(/.test(line) && !WHOLE.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(writes).toEqual([]);
  });
});
