#!/usr/bin/env node
/**
 * The command `mineone` (docs/commands.md, «Command line»). An older Node is told so before anything is loaded that it
 * cannot read.
 */

import { nodeRefusal } from './node-version.ts';

const EXIT_COULD_NOT = 3;
const args = process.argv.slice(2);
const message = nodeRefusal(process.versions.node);
if (message === null) {
  const { runProgram } = await import('./cli/program.ts');
  process.exitCode = await runProgram(args);
} else {
  const error = { code: 'NODE_VERSION', message };
  process.stderr.write(args.includes('--json') ? `${JSON.stringify({ type: 'error', ...error })}\n` : `mineone: ${error.code}: ${message}\n`);
  process.exitCode = EXIT_COULD_NOT;
}
