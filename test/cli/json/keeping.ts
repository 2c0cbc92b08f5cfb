/** Lines of the commands that write, take away or tell of what is kept: epochs, seals, keys, configuration. */

import { z } from 'zod';
import { address, count, epoch, fields, hex, miner, replayed, seq, stream, text } from './nouns.ts';
import { type Lines, line, lines, seal } from './shapes.ts';

export const KEEPING: readonly Lines[] = [
  { command: 'journal export', says: 'One document.', lines: line('export', { miner, epoch, file: z.string() }) },
  {
    command: 'journal import',
    says: 'One document.',
    lines: line('import', {
      streams: z.array(stream),
      ...replayed,
      kept: z.string().nullable().describe('path of the copy; `null` with `--check`'),
      text: lines,
    }),
  },
  {
    command: 'journal prune',
    says: 'One document.',
    lines: line('prune', {
      epochs: count.describe('epochs that were removed'),
      first: seq.describe('the first record that is kept'),
      records: count.describe('records that were removed'),
      values: count.describe('values that only these records named'),
      kept: z.array(fields({ why: z.enum(['young', 'going-on', 'behind', 'no-epoch']), epochs: count, records: count })).describe('what was kept, by reason'),
      holding: stream.nullable().describe('the open stream at which the removal stopped; `null` if none did'),
    }),
  },
  { command: 'journal seal', says: 'One document.', lines: line('seal', { file: z.string().nullable().describe('`null` if none was written'), seal }) },
  { command: 'key generate', says: 'One document; `key import` and `key list` likewise.', lines: line('keys', { keys: z.array(address) }) },
  { command: 'key export', says: 'One document, and a secret.', lines: line('key', { address, export: hex.describe('as `lotus wallet import` reads it') }) },
  {
    command: 'config show',
    says: 'One document.',
    lines: line('config', {
      network: z.string().optional(),
      node: z.string().optional(),
      miners: z.array(miner),
      keys: z.array(z.string()),
      observe: z.boolean(),
      keep: z.string().optional(),
      passphrase: z.string().optional().describe('masked'),
    }),
  },
  {
    command: '--version',
    says: 'One document.',
    lines: line('version', {
      version: z.string(),
      upgrade: z.string().describe('the newest upgrade that is known'),
      networkVersion: z.number().int(),
      epochs: z.record(z.string(), epoch).describe('its epoch, by network'),
      beyond: text,
    }),
  },
];
