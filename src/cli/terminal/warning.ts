/** What must be read and stops nothing: one line on stderr, or one JSON document under `--json`, as errors are (docs/commands.md, «Command line»). */

import type { MineOneError } from '../../errors/mineone-error.ts';
import { toJson } from './json.ts';

export function warn({ code, message }: Pick<MineOneError, 'code' | 'message'>): void {
  process.stderr.write(isJson() ? `${toJson({ type: 'warning', code, message })}\n` : `mineone: warning: ${code}: ${message}\n`);
}

/** Whether each line of both streams is a JSON document. */
export function isJson(): boolean {
  return process.argv.includes('--json');
}
