/** Lines that change in place below those that stay: on a terminal alone; elsewhere only what stays is written. */

import { columnsOf, isScreen, rowsOf } from './terminal.ts';
import { lengthOf } from './wrap.ts';

export interface Live {
  /** Writes lines that stay, above those that change. */
  print(lines: readonly string[]): void;
  /** What changes, as it is now. Cheap: it is drawn not more than twenty times a second. */
  show(lines: () => readonly string[]): void;
  /** Takes away what changes. */
  end(): void;
}

export interface LiveLines {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const PAUSE_MS = 50;
/** Lines of a terminal that are left to what stays. */
const KEPT_ROWS = 6;
const UP = '\u001b[1A';
const CLEAR_BELOW = '\u001b[0J';

/**
 * `now` is in milliseconds. A line that is wider than the terminal, as a word that is not to be broken is, takes as
 * many rows as the terminal wraps it into.
 */
export function createLive(stream: LiveLines = process.stdout, now: () => number = () => performance.now()): Live {
  const terminal = isScreen(stream);
  let shown = 0;
  let due = now();
  let latest: (() => readonly string[]) | null = null;
  /** What came too soon after a drawing is drawn all the same: the next thing to show may be seconds away. */
  let later: NodeJS.Timeout | undefined;
  const erased = (): string => (shown === 0 ? '' : `\r${UP.repeat(shown)}${CLEAR_BELOW}`);
  const draw = (above: readonly string[]): void => {
    clearTimeout(later);
    later = undefined;
    const room = Math.max(1, rowsOf(stream) - KEPT_ROWS);
    const all = latest?.() ?? [];
    const lines = all.length <= room ? all : [...all.slice(0, room - 1), `… and ${all.length - room + 1} more`];
    stream.write(`${erased()}${[...above, ...lines].map((line) => `${line}\n`).join('')}`);
    shown = lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(lengthOf(line) / columnsOf(stream))), 0);
    due = now() + PAUSE_MS;
  };
  return {
    print(lines) {
      if (terminal) draw(lines);
      else if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    show(lines) {
      if (!terminal) return;
      latest = lines;
      if (now() >= due) draw([]);
      else later ??= setTimeout(() => draw([]), due - now()).unref();
    },
    end() {
      latest = null;
      clearTimeout(later);
      if (shown > 0) draw([]);
    },
  };
}
