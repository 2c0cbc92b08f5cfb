/** What a person meets at a terminal: Ctrl-C, colours, widths, lines to paste, completion. In a real pty. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { CTRL_C, hasTerminal, inTerminal } from '../pty.ts';
import { mineone, shell } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-terminal-'));
const folder = (name: string): string => join(home, name);
afterAll(() => rmSync(home, { recursive: true }));

const ESCAPE = '\u001b[';

describe.skipIf(!hasTerminal)('in a terminal', { timeout: 120_000 }, () => {
  it('Ctrl-C counts what was mined again from a chain', async () => {
    const cassette = '--node test/cassette/devnet-2k.car.gz --network test/cassette/devnet-2k.network.json --key test/cassette/devnet-worker-key.json';
    const { code, text } = await inTerminal(`MINEONE run --observe ${cassette} --data '${folder('observe')}'`, { keys: [[/\b3 +f01000/, CTRL_C]] });
    expect(code).toBe(130);
    expect(stripVTControlCharacters(text).split(/\s+/).join(' ')).toMatch(
      / Stopped: epochs up to \d+ of \d+ are mined and in the journal; the same command goes on there\. /,
    );
  });

  it('a dumb terminal gets no colour and no move of the cursor, another one both', async () => {
    const devnet = (name: string): string => `MINEONE devnet --speed max --epochs 2 --data '${folder(name)}'`;
    expect((await inTerminal(devnet('dumb'), { env: { TERM: 'dumb' } })).text).not.toContain('\u001b');
    const { text } = await inTerminal(devnet('clever'));
    expect(text).toContain(`${ESCAPE}32m`);
    expect(text).toContain(`${ESCAPE}1A`);
  });
});

describe('lines to paste', { timeout: 120_000 }, () => {
  it.for(['plain', 'with space', "it's"])('«What next» runs as printed, its folder called «%s»', async (name) => {
    const { stdout } = await mineone(['devnet', '--speed', 'max', '--epochs', '2', '--data', folder(name)]);
    const printed = stdout
      .slice(stdout.indexOf('What next:\n') + 'What next:\n'.length)
      .trimEnd()
      .split('\n');
    expect(printed).toHaveLength(4);
    for (const line of printed) expect(await shell(line.trim()), line).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('completion in a plain bash, sourced twice', { timeout: 60_000 }, () => {
  const words = folder('completion');
  mkdirSync(join(words, 'a folder'), { recursive: true });
  for (const path of ['chain one.car', 'a folder/inner.car']) writeFileSync(join(words, path), '');
  const rc = join(home, 'bashrc');
  writeFileSync(
    rc,
    `PS1='ready> '\nmineone() { if [ "$1" = complete ]; then '${process.execPath}' '${process.cwd()}/dist/src/main.js' "$@"; else printf 'got'; printf '<%s>' "$@"; echo; fi; }\nsource <(mineone complete bash)\nsource <(mineone complete bash)\ncd '${words}'\n`,
  );

  it.skipIf(!hasTerminal).for([
    ['a network behind the sign', 'mineone audit --network=cal\t', 'got<audit><--network=calibnet>'],
    ['a file with a space', 'mineone audit ch\t', 'got<audit><chain one.car>'],
    ['a file in a folder with a space', 'mineone audit a\tin\t', 'got<audit><a folder/inner.car>'],
  ] as const)('completes %s', async ([, typed, got]) => {
    const { text } = await inTerminal(`bash --noprofile --rcfile '${rc}' -i`, {
      env: { INPUTRC: '/dev/null', HISTFILE: '/dev/null' },
      keys: [
        [/ready> /, `${typed}\n`],
        [/got[^\n]*\n/, 'exit\n'],
      ],
    });
    expect(stripVTControlCharacters(text)).not.toContain('readonly');
    expect(stripVTControlCharacters(text).split(/[\r\n]+/)).toContain(got);
  });
});
