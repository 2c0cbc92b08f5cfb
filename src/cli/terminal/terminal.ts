/**
 * What a stream's other end can show: a screen that is drawn on, how many columns, or a file that takes lines as they
 * come.
 */

interface TerminalStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Whether colours and moves of the cursor are understood; `TERM=dumb` says that they are not. */
export function isScreen(stream: TerminalStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** A terminal that was not told its size says 0. */
export function columnsOf(stream: TerminalStream): number {
  return stream.columns || 80;
}

export function rowsOf(stream: TerminalStream): number {
  return stream.rows || 24;
}

/** The width a table may take: a terminal's columns; without a terminal no line is ever broken. */
export function widthOf(stream: TerminalStream): number {
  return stream.isTTY === true ? columnsOf(stream) : Infinity;
}
