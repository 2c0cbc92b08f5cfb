/**
 * What a command says goes to readers who may leave or fall asleep: that ends a command which only answers, and neither
 * ends nor holds up one that mines (docs/commands.md, «Told to end»).
 */

import type { LiveLines } from './live.ts';
import { warn } from './warning.ts';

const EXIT_SIGPIPE = 141;
/** Bytes said and not yet taken, beyond which a reader is asleep. */
const UNREAD_MAX = 4 * 1024 * 1024;

let mining = false;

/**
 * Said by a command before it mines: a closed pipe, a terminal that is gone, a full disk under the log are no reason to
 * stop.
 */
export function goOnWithoutLog(): void {
  mining = true;
}

/**
 * Called once by the program. `mineone … | head`: the reader has seen enough; what does not mine ends as any Unix tool
 * does, without a word.
 */
export function heedClosedPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    endUnlessMining(error);
    lost(error.code);
  });
  process.stderr.on('error', endUnlessMining);
}

function endUnlessMining(error: NodeJS.ErrnoException): void {
  if (mining) return;
  if (error.code === 'EPIPE') process.exit(EXIT_SIGPIPE);
  throw error;
}

let told = false;

/** Once, on stderr: a log that ends in the middle should not look like a miner that did. */
function lost(code = 'unknown'): void {
  if (told) return;
  told = true;
  warn({ code: 'LOG_CLOSED', message: `standard output takes nothing more (${code}); mining goes on without it` });
}

/**
 * Standard output of a command that mines: while its reader is asleep nothing is kept for it, and when it wakes it is
 * told how much it missed.
 */
export function miningLog(leftOut: (writes: number) => string, stream: Log = process.stdout): LiveLines {
  let missed = 0;
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get rows() {
      return stream.rows;
    },
    get columns() {
      return stream.columns;
    },
    write(text) {
      if (stream.writableLength > UNREAD_MAX) missed++;
      else {
        stream.write(missed === 0 ? text : `${leftOut(missed)}\n${text}`);
        missed = 0;
      }
    },
  };
}

interface Log extends LiveLines {
  readonly writableLength: number;
}
