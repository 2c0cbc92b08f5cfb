/** Writes the layer table into docs/architecture.md. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layersText } from './layers.ts';

const page = fileURLToPath(new URL('../../docs/architecture.md', import.meta.url));
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(/^\| room \| what \| its folders(?:.*\n)(?:\|.*\n)+/m, () => `${layersText()}\n`),
);
