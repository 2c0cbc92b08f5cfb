/** What the commands print with: tables, JSON, progress, colour and the form of a failure. */

import { CommanderError } from 'commander';
import { CID } from 'multiformats/cid';
import { afterEach, describe, expect, it } from 'vitest';
import { aboutFile, failureText, toFailure } from '../../src/cli/terminal/failure.ts';
import { toJson } from '../../src/cli/terminal/json.ts';
import { createProgress } from '../../src/cli/terminal/progress.ts';
import { paint } from '../../src/cli/terminal/style.ts';
import { headLines, rowLines, tableLines } from '../../src/cli/terminal/table.ts';
import { widthOf } from '../../src/cli/terminal/terminal.ts';
import { DecodeError } from '../../src/errors/mineone-error.ts';

describe('table', () => {
  const columns = [{ title: 'epoch' }, { title: 'miner' }, { title: 'wins' }];

  it('aligns text to the left and numbers to the right, as wide as the widest cell', () => {
    const rows = [
      [7, 'f01000', 12n],
      [123456, 'f02', 3n],
    ];
    expect(tableLines(columns, rows)).toEqual([' epoch  miner   wins', '     7  f01000    12', '123456  f02        3']);
  });

  it('prints row by row to given widths, a wide cell pushing the rest along', () => {
    const fixed = [
      { title: 'miner', width: 8 },
      { title: 'wins', align: 'right' as const },
    ];
    expect([...headLines(fixed), ...rowLines(fixed, ['f01000', 3]), ...rowLines(fixed, ['f0100000000', 15])]).toEqual([
      'miner     wins',
      'f01000       3',
      'f0100000000    15',
    ]);
  });

  it('loses nothing where the terminal is narrow: the last cell, which tells the reason, goes on below itself', () => {
    const remark = 'gas of block 3 is above its limit';
    expect(rowLines(columns, ['abcdef', 'ghijkl', 'mn'], 19)).toEqual(['abcdef  ghijkl  mn']);
    expect(rowLines(columns, ['abcdef', 'ghijkl', remark], 30)).toEqual([
      'abcdef  ghijkl  gas of block 3',
      '                is above its',
      '                limit',
    ]);
    expect(rowLines(columns, ['abcdef', 'ghijkl', remark], 17)).toEqual([
      'epoch: abcdef',
      '  miner: ghijkl',
      '  wins: gas of',
      '    block 3 is',
      '    above its',
      '    limit',
    ]);
    expect(rowLines(columns, ['a', 'b', `\u001b[31m${'x'.repeat(30)}\u001b[39m`], 30)).toEqual(['a      b', `\u001b[31m${'x'.repeat(30)}\u001b[39m`]);
  });

  it('does not count colour as width', () => {
    expect(rowLines([{ title: '', width: 4 }, { title: '' }], ['\u001b[32mok\u001b[39m', 'x'], 7)).toEqual(['\u001b[32mok\u001b[39m    x']);
  });

  it('takes the width of a terminal, and none of a file', () => {
    const stream = (isTTY: boolean) => Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, { isTTY, columns: 72 });
    expect([widthOf(stream(true)), widthOf(stream(false)), widthOf({ isTTY: true, columns: 0 })]).toEqual([72, Infinity, 80]);
  });
});

describe('json', () => {
  it('writes big integers as decimal strings, bytes as hex and CIDs as text, at any depth', () => {
    const cid = CID.parse('bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2');
    const line = toJson({ weight: 2n ** 70n, ticket: Uint8Array.of(0, 255), parents: [cid], inner: { cid, missing: undefined, none: null, at: 1.5 } });
    expect(line).toBe(`{"weight":"1180591620717411303424","ticket":"00ff","parents":["${cid}"],"inner":{"cid":"${cid}","none":null,"at":1.5}}`);
  });

  it('refuses what JSON would silently empty', () => {
    expect(() => toJson({ rows: new Map([[1, 2]]) })).toThrow('toJson: rows: a Map or a Set has no JSON form');
  });
});

describe('progress', () => {
  function told(isTTY: boolean) {
    const written: string[] = [];
    const clock = { ms: 0 };
    const progress = createProgress({ isTTY, columns: 10, write: (text) => written.push(text) }, () => clock.ms);
    return { written, clock, progress };
  }

  it('rewrites one line on a terminal, not more often than ten times a second, its end where it is wider', () => {
    const { written, clock, progress } = told(true);
    for (clock.ms = 0; clock.ms < 200; clock.ms += 50) progress.update(`judged epoch ${clock.ms}`);
    expect(written).toEqual(['\r\u001b[K… epoch 0', '\r\u001b[K…poch 100']);
  });

  it('leaves the line on request and comes back with the next update', () => {
    const { written, progress } = told(true);
    progress.clear();
    progress.update('a');
    progress.clear();
    progress.update('b');
    expect(written).toEqual(['\r\u001b[Ka', '\r\u001b[K', '\r\u001b[Kb']);
  });

  it('elsewhere is silent for ten seconds, then says a line every ten', () => {
    const { written, clock, progress } = told(false);
    for (clock.ms = 0; clock.ms <= 25_000; clock.ms += 1000) progress.update(`${clock.ms}`);
    progress.clear();
    expect(written).toEqual(['10000\n', '20000\n']);
  });
});

describe('colour', () => {
  const terminal = Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, { isTTY: true });
  const file = Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, { isTTY: false });
  const before = process.env['NO_COLOR'];

  afterEach(() => {
    if (before === undefined) delete process.env['NO_COLOR'];
    else process.env['NO_COLOR'] = before;
  });

  it('is for terminals without NO_COLOR', () => {
    delete process.env['NO_COLOR'];
    expect([paint('red', 'wrong', terminal), paint('red', 'wrong', file)]).toEqual(['\u001b[31mwrong\u001b[39m', 'wrong']);
    process.env['NO_COLOR'] = '1';
    expect(paint('red', 'wrong', terminal)).toBe('wrong');
  });
});

describe('failure', () => {
  it('keeps the code of our own errors', () => {
    expect(toFailure(new DecodeError('CAR_TRUNCATED', 'section 7: expected 120 bytes, got 3'))).toEqual({
      code: 'CAR_TRUNCATED',
      message: 'section 7: expected 120 bytes, got 3',
      exit: 3,
    });
  });

  it.for([
    ['ENOENT', 'FILE_MISSING'],
    ['EACCES', 'FILE_DENIED'],
    ['EPERM', 'FILE_DENIED'],
    ['EISDIR', 'FILE_IS_DIRECTORY'],
    ['ENOTDIR', 'FILE_MISSING'],
    ['EMFILE', 'FILES_OPEN_MAX'],
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'DISK_READ_ONLY'],
    ['EIO', 'DISK_FAULT'],
  ] as const)('turns %s into %s, with the path and what to do', ([system, code]) => {
    const failure = toFailure(Object.assign(new Error(`${system}: said by the system`), { code: system, path: 'chain.car' }));
    expect(failure).toMatchObject({ code, exit: 3, message: expect.stringMatching(/^chain\.car: [^;]+; .+/) });
  });

  it('names the file where the system did not', () => {
    const path = (error: unknown) => toFailure(aboutFile(error, 'b.car')).message.split(':')[0];
    expect(path(Object.assign(new Error('x'), { code: 'EISDIR' }))).toBe('b.car');
    expect(path(Object.assign(new Error('x'), { code: 'EISDIR', path: 'a.car' }))).toBe('a.car');
  });

  it('calls a mistake in the command line USAGE, and anything unforeseen INTERNAL', () => {
    expect(toFailure(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"))).toEqual({
      code: 'USAGE',
      message: "unknown option '--x'; for help, add --help",
      exit: 2,
    });
    for (const thrown of [new TypeError('x is undefined'), 'x is undefined']) {
      expect(toFailure(thrown)).toMatchObject({ code: 'INTERNAL', exit: 3, message: expect.stringMatching(/^x is undefined; .*MINEONE_DEBUG=1/) });
    }
  });

  it('is one line, or one JSON document, and the stack comes after', () => {
    const failure = { code: 'A', message: 'two\n  lines', exit: 1 };
    expect(failureText(failure, { json: false })).toBe('mineone: A: two lines\n');
    expect(failureText(failure, { json: false, stack: 'Error: at' })).toBe('mineone: A: two lines\nError: at\n');
    expect(failureText(failure, { json: true, stack: 'Error: at' })).toBe('{"type":"error","code":"A","message":"two lines","stack":"Error: at"}\n');
  });
});
