#!/usr/bin/env node
/** The command `mineone`: docs/commands.md, «Command line». */

import { runProgram } from './cli/program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
