/** Colour where a person looks: none when the stream is not a terminal, and none under NO_COLOR. */

import { styleText } from 'node:util';

export type Paint = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

export function paint(style: Paint, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY === true && !process.env['NO_COLOR'] ? styleText(style, text, { validateStream: false }) : text;
}
