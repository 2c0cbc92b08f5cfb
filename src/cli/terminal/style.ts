/** Colour where a person looks: none when the stream is not a terminal or a dumb one, and none under NO_COLOR. */

import { styleText } from 'node:util';
import { isScreen } from './terminal.ts';

export type Paint = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

export function paint(style: Paint, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return isScreen(stream) && !process.env['NO_COLOR'] ? styleText(style, text, { validateStream: false }) : text;
}
