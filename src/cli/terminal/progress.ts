/** Progress of long work on stderr: one line rewritten on a terminal, a line now and then elsewhere. */

import { toJson } from './json.ts';
import { columnsOf, isScreen, widthOf } from './terminal.ts';
import { isJson } from './warning.ts';
import { sentenceLines } from './wrap.ts';

export interface Progress {
  /** Says where the work is. Cheap: most calls print nothing. */
  update(text: string): void;
  /** Takes the line off the terminal, so that something else can be printed; the next update brings it back. */
  clear(): void;
}

const TERMINAL_MS = 100;
const SPARSE_MS = 10_000;

export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/**
 * `now` is in milliseconds. Off a terminal nothing is said in the first ten seconds: short work stays silent in logs.
 */
export function createProgress(stream: ProgressStream = process.stderr, now: () => number = () => performance.now()): Progress {
  const terminal = isScreen(stream);
  const pause = terminal ? TERMINAL_MS : SPARSE_MS;
  let due = terminal ? now() : now() + pause;
  let shown = false;
  return {
    update(text) {
      if (now() < due) return;
      due = now() + pause;
      shown = true;
      if (terminal) stream.write(`\r\u001b[K${endOf(text, columnsOf(stream) - 1)}`);
      else stream.write(isJson() ? `${toJson({ type: 'progress', text })}\n` : `${sentenceLines(text, widthOf(stream)).join('\n')}\n`);
    },
    clear() {
      if (terminal && shown) stream.write('\r\u001b[K');
      if (terminal) due = now();
      shown = false;
    },
  };
}

/** What is new stands last: how far it is. */
function endOf(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(1 - width)}`;
}
