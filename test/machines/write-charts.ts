/** `npm run docs:charts`: writes docs/machines.md anew. */

import { writeFileSync } from 'node:fs';
import { chartsPath, chartsText } from './charts.ts';

writeFileSync(chartsPath, chartsText());
