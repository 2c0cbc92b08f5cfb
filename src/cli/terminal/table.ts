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
  return [...headLines(fitted, limit), ...rows.flatMap((row) => rowLines(fitted, row, limit))];
}

/** The head alone, for rows that are printed as they come. */
export function headLines(columns: readonly Column[], limit = Infinity): string[] {
  return rowLines(
    columns,
    columns.map((column) => column.title),
    limit,
  );
}

/** One row. A cell wider than its column pushes the rest along. Where the limit is passed nothing is lost: the last cell, which tells the reason, goes on below itself. */
export function rowLines(columns: readonly Column[], cells: readonly Cell[], limit = Infinity): string[] {
  const padded = columns.map((column, i) => pad(String(cells[i] ?? ''), column));
  const line = padded.join(GAP).trimEnd();
  if (lengthOf(line) <= limit) return [line];
  const before = padded.slice(0, -1).join(GAP);
  const last = String(cells[columns.length - 1] ?? '').trim();
  const indent = lengthOf(before) + GAP.length;
  if (limit - indent >= REMARK)
    return painted(last, (text) => wrapped(text, limit - indent)).map((part, i) => (i === 0 ? before + GAP : ' '.repeat(indent)) + part);
  return [...cellLines(padded.slice(0, -1), limit), ...painted(last, (text) => wrapped(text, limit - GAP.length)).map((part) => GAP + part)];
}

/** Whole cells, as many to a line as fit; lines after the first are set in. */
function cellLines(cells: readonly string[], limit: number): readonly string[] {
  const lines: string[] = [];
  for (const cell of cells) {
    const line = lines.at(-1);
    if (line !== undefined && lengthOf(line) + GAP.length + lengthOf(cell.trimEnd()) <= limit) lines.push(lines.pop() + GAP + cell);
    else if (line === undefined) lines.push(cell);
    else if (cell.trim() !== '') lines.push(GAP + cell.trimStart());
  }
  return lines.map((line) => line.trimEnd());
}

/** A remark that has fewer characters to itself begins on a line of its own. */
const REMARK = 12;

/** Each line in the colour of the whole. */
function painted(text: string, lines: (plain: string) => readonly string[]): readonly string[] {
  const plain = stripVTControlCharacters(text);
  const [begin, end] = text.replace(plain, '\n').split('\n');
  // Where only a part of it is painted, none is.
  return lines(plain).map((line) => (end === undefined ? line : `${begin}${line}${end}`));
}

/** A sentence in lines that the terminal need not break. */
export function sentenceLines(text: string, limit: number): readonly string[] {
  return lengthOf(text) <= limit ? [text] : painted(text, (plain) => wrapped(plain, limit));
}

/** At spaces; a word that is wider than the line is broken. */
function wrapped(text: string, limit: number): readonly string[] {
  const width = Math.max(1, limit);
  const lines: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const space = rest.length <= width ? rest.length : rest.lastIndexOf(' ', width);
    const at = space > 0 ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return lines;
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
