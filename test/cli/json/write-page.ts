/** Writes docs/json.md: npm run docs:json. */

import { writeFileSync } from 'node:fs';
import { page } from './page.ts';

writeFileSync(new URL('../../../docs/json.md', import.meta.url), page());
