#!/usr/bin/env node
/** The command `mineone`: product.md, «Command line». */

import { runProgram } from './cli/program.ts';

process.exitCode = await runProgram(process.argv.slice(2));
