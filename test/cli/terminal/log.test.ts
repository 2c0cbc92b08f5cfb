/** What a mining command says while its reader is asleep. */

import { expect, it } from 'vitest';
import { miningLog } from '../../../src/cli/terminal/log.ts';

it('keeps nothing for a reader who is asleep, and tells one who wakes how much was missed', () => {
  const taken: string[] = [];
  const stream = { isTTY: false, rows: 24, writableLength: 0, write: (text: string) => taken.push(text) };
  const log = miningLog((writes) => `${writes} missed`, stream);
  log.write('a\n');
  stream.writableLength = 64 * 1024 * 1024;
  log.write('b\n');
  log.write('c\n');
  stream.writableLength = 0;
  log.write('d\n');
  log.write('e\n');
  expect(taken).toEqual(['a\n', '2 missed\nd\n', 'e\n']);
  expect([log.isTTY, log.rows]).toEqual([false, 24]);
});
