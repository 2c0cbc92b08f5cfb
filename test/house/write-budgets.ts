/** Writes the table of budgets into docs/testing.md. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { budgetsText } from './budgets.ts';

const page = fileURLToPath(new URL('../../docs/testing.md', import.meta.url));
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(/^\| suite \| budget \|(?:.*\n)(?:\|.*\n)+/m, () => `${budgetsText()}\n`),
);
