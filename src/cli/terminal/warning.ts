/**
 * What must be read and stops nothing: one line on stderr, which a terminal gets broken at its width, or one JSON
 * document under `--json`, as errors are (docs/commands.md, «Command line»).
 */

import type { MineOneError } from '../../errors/mineone-error.ts';
import { toJson } from './json.ts';
import { say } from './say.ts';

export function warn({ code, message }: Pick<MineOneError, 'code' | 'message'>): void {
  if (isJson()) process.stderr.write(`${toJson({ type: 'warning', code, message })}\n`);
  else say([`mineone: warning: ${code}: ${message}`], process.stderr);
}

/** Whether each line of both streams is a JSON document. */
export function isJson(): boolean {
  return process.argv.includes('--json');
}
