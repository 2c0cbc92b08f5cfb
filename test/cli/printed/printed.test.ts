/**
 * Commands that are printed anywhere exist: in README, docs/ and help texts, and in the advice that errors and reports
 * give. That they run: printed.slow.test.ts.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceIn, sourceTexts } from './advice.ts';
import { allPrinted, everyCommand } from './all.ts';
import { commandFaults } from './known.ts';
import { printedInHelp, printedInPage } from './markdown.ts';
import { NOT_RUN } from './not-run.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
const commands = await everyCommand();

describe('a page', () => {
  it('prints what stands in its blocks and between backticks', () => {
    const page = 'See `mineone luck` and `mineone: CODE`.\n\n```\nmineone audit a.car \\\n  --json     # all of it\nnot a command\n```\n\n`npm test`';
    expect(printedInPage(page, 'a.md').map(({ text }) => text)).toEqual(['mineone luck', 'mineone audit a.car --json', 'npm test']);
  });

  it('prints its example where it is a help text', () => {
    const help = 'Usage: mineone a\n\nSee `mineone\n  config show`.\n\nExample:\n  mineone a --b\n';
    expect(printedInHelp(help, 'a').map(({ text }) => text)).toEqual(['mineone config show', 'mineone a --b']);
  });
});

describe('printed commands', async () => {
  const printed = await allPrinted();

  it('are many', () => {
    expect(printed.length).toBeGreaterThan(60);
  });

  it('name commands and options that there are', () => {
    const mineone = printed.filter(({ text }) => !text.includes('COMMAND'));
    expect(mineone.flatMap(({ text, where }) => commandFaults(text, commands).map((fault) => `${where}: ${fault}`))).toEqual([]);
  });

  it('name scripts that there are', () => {
    const scripts = printed.flatMap(({ text }) => [...text.matchAll(/\bnpm (?:run )?(?!ci\b|run\b)([\w:]+)/g)].map(([, script = '']) => script));
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('are run, or are listed with the reason, and none is listed that is no longer printed', () => {
    expect(Object.keys(NOT_RUN).filter((text) => !printed.some((one) => one.text === text))).toEqual([]);
  });

  it('hold what `npm start` runs', () => {
    expect(printed.map(({ text }) => text)).toContain(manifest.scripts['start']?.replace('node dist/src/main.js', 'mineone'));
  });
});

describe('advice', () => {
  it.for([
    ['see `mineone explain`, then `mineone miner start f01000`', ["there is no command 'miner'"]],
    ['(mineone journal verify --sealt)', ["there is no option --sealt of 'journal verify'"]],
    ['name another folder with --dato', ['there is no option --dato']],
    ['Run: mineone luck --epoch 3', ["there is no option --epoch of 'luck'"]],
    ['no mineone was running; see `mineone journal stat`, or give --data', []],
  ] as const)('that names what there is not is found: %s', ([text, faults]) => {
    expect(adviceIn(text, commands)).toEqual(faults);
  });

  it('of the whole source names commands and options that there are', () => {
    const texts = sourceTexts();
    expect(texts.length).toBeGreaterThan(2000);
    expect(texts.flatMap(({ path, text }) => adviceIn(text, commands).map((fault) => `${path}: ${fault} («${text.slice(0, 80)}»)`))).toEqual([]);
  });
});
