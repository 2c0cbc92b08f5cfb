/** What must be read and stops nothing: one line on stderr, or one JSON document under `--json`, as errors are (docs/commands.md, «Command line»). */

import type { MineOneError } from '../chain/error.ts';
import { toJson } from './json.ts';

export function warn({ code, message }: MineOneError): void {
  const isJson = process.argv.includes('--json');
  process.stderr.write(isJson ? `${toJson({ warning: { code, message } })}\n` : `mineone: warning: ${code}: ${message}\n`);
}
