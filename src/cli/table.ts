/** Tables for the terminal: aligned columns, numbers to the right, no line wider than the terminal. */

import { stripVTControlCharacters } from 'node:util';

export type Cell = string | number | bigint;

export interface Column {
  readonly title: string;
  /** Characters at least; give it where rows are printed before all of them are known. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/** The whole table, its head first, when all rows are at hand: columns as wide as their widest cell. `limit` is the terminal's width. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], limit = Infinity): string[] {
  const fitted = columns.map((column, i) =>
    fitTo(
      column,
      rows.map((row) => row[i] ?? ''),
    ),
  );
  return [headLine(fitted, limit), ...rows.map((row) => rowLine(fitted, row, limit))];
}

/** The head alone, for rows that are printed as they come. */
export function headLine(columns: readonly Column[], limit = Infinity): string {
  return rowLine(
    columns,
    columns.map((column) => column.title),
    limit,
  );
}

/** One row. A cell wider than its column pushes the rest along; a line wider than the limit loses its colours and its end. */
export function rowLine(columns: readonly Column[], cells: readonly Cell[], limit = Infinity): string {
  const line = columns
    .map((column, i) => pad(String(cells[i] ?? ''), column))
    .join(GAP)
    .trimEnd();
  const plain = stripVTControlCharacters(line);
  return plain.length <= limit ? line : `${plain.slice(0, limit - 1)}…`;
}

/** What every terminal has. */
const LINE = 80;

/** A text beside its heading, from the column `indent` on, in lines that no terminal wraps. */
export function under(heading: string, text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + word.length <= LINE) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.map((line, i) => (i === 0 ? heading + ' '.repeat(Math.max(0, indent - lengthOf(heading))) : ' '.repeat(indent)) + line);
}

/** The width a table may take on a stream: a terminal's columns; without a terminal no line is ever cut. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true ? stream.columns : Infinity;
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

function lengthOf(cell: Cell): number {
  return stripVTControlCharacters(String(cell)).length;
}
