/**
 * Tables for the terminal: aligned columns, numbers to the right; where the terminal is too narrow for them each row is
 * told as «head: value», so that every value keeps its name.
 */

import { lengthOf, wrapped } from './wrap.ts';

export type Cell = string | number | bigint;

export interface Column {
  readonly title: string;
  /** Characters at least; give it where rows are printed before all of them are known. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/**
 * The whole table, its head first, when all rows are at hand: columns as wide as their widest cell. `limit` is the
 * terminal's width.
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], limit = Infinity): string[] {
  const fitted = columns.map((column, i) =>
    fitTo(
      column,
      rows.map((row) => row[i] ?? ''),
    ),
  );
  return [...headLines(fitted, limit), ...rows.flatMap((row) => rowLines(fitted, row, limit))];
}

/** The head alone, for rows that are printed as they come; none where rows name their values themselves. */
export function headLines(columns: readonly Column[], limit = Infinity): readonly string[] {
  if (!isRoomy(columns, limit)) return [];
  return rowLines(
    columns,
    columns.map(({ title }) => title),
    limit,
  );
}

/**
 * One row. A cell wider than its column pushes the rest along; the last, which tells the reason, goes on below itself.
 */
export function rowLines(columns: readonly Column[], cells: readonly Cell[], limit = Infinity): readonly string[] {
  const padded = columns.map((column, i) => pad(String(cells[i] ?? ''), column));
  const line = padded.join(GAP).trimEnd();
  const before = lengthOf([...padded.slice(0, -1), ''].join(GAP));
  if (!isRoomy(columns, limit)) return namedLines(columns, cells, limit);
  if (lengthOf(line) <= limit) return [line];
  // This row's cells alone may push its last one out.
  return limit - before >= REMARK ? wrapped(line, limit, before) : namedLines(columns, cells, limit);
}

/** Characters that a last cell is broken into at the least. */
const REMARK = 12;

/**
 * Whether all columns stand side by side, the last one perhaps broken. Asked of the columns alone, so that all rows of
 * a table are told in the same way.
 */
function isRoomy(columns: readonly Column[], limit: number): boolean {
  const widths = columns.map(({ title, width = 0 }) => Math.max(width, title.length));
  const last = Math.min(widths.at(-1) ?? 0, REMARK);
  return widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, last) <= limit;
}

/**
 * «head: value» for each cell that says something, as many to a line as fit; a row begins at the margin and goes on set
 * in, and what goes on of one value is set in further.
 */
function namedLines(columns: readonly Column[], cells: readonly Cell[], limit: number): readonly string[] {
  const lines: string[] = [];
  let isOver = true;
  columns.forEach(({ title }, i) => {
    const cell = String(cells[i] ?? '').trim();
    if (cell === '') return;
    const named = `${title}: ${cell}`;
    const longer = lines.at(-1) + GAP + named;
    if (!isOver && lengthOf(longer) <= limit) lines[lines.length - 1] = longer;
    else {
      const own = wrapped(lines.length === 0 ? named : GAP + named, limit, 2 * GAP.length);
      lines.push(...own);
      isOver = own.length > 1;
    }
  });
  return lines;
}

function fitTo(column: Column, cells: readonly Cell[]): Column {
  const width = Math.max(column.width ?? 0, column.title.length, ...cells.map(lengthOf));
  const numeric = cells.length > 0 && cells.every((cell) => typeof cell !== 'string');
  return { title: column.title, width, align: column.align ?? (numeric ? 'right' : 'left') };
}

function pad(text: string, { title, width, align }: Column): string {
  const space = ' '.repeat(Math.max(0, Math.max(width ?? 0, title.length) - lengthOf(text)));
  return align === 'right' ? space + text : text + space;
}
