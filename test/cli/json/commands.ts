/**
 * The lines that each command prints with `--json`, by their `type` (docs/json.md is made of them): a field that is not
 * here is one too many.
 */

import { z } from 'zod';
import { KEEPING } from './keeping.ts';
import { MINING } from './mining.ts';
import { text } from './nouns.ts';
import { READING } from './reading.ts';
import { type Lines, line, told } from './shapes.ts';

export const COMMANDS: readonly Lines[] = [...MINING, ...READING, ...KEEPING];

/** On standard error, of any command. */
export const SAID: { readonly [type: string]: z.ZodObject } = {
  ...line('error', {
    code: z.string().describe('does not change between versions'),
    message: text,
    stack: z.string().optional().describe('with MINEONE_DEBUG=1'),
  }),
  ...told,
  ...line('progress', { text: z.string() }),
};
