/** Imports go down: every file of src, machines and native against the layer table, and the table against itself. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { complaintOf, type Import, importsOf, layers, layersText, roomOf } from './layers.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const filesOf = (folder: string) => readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`);
const isSource = (path: string) => /\.ts$/.test(path) && !/\.d\.ts$|\/(target|node_modules)\//.test(path);
const sources = ['src', 'machines', 'native'].flatMap(filesOf).filter(isSource);
const imports = sources.flatMap((path) => importsOf(path, readFileSync(root + path, 'utf8')));

describe('every import', () => {
  it('goes down', () => {
    expect(imports.length).toBeGreaterThan(1_000);
    expect(imports.map(complaintOf).filter((complaint) => complaint !== undefined)).toEqual([]);
  });

  it('that the table allows is there', () => {
    const isUsed = (room: string, allowed: string) =>
      imports.some(({ from, to }) => roomOf(from)?.room === room && (to === allowed || to.startsWith(`${allowed}/`)));
    expect(
      layers.flatMap(({ room, imports: below, packages = [] }) =>
        [...below, ...packages].filter((name) => !isUsed(room, name)).map((name) => `${room}: ${name}`),
      ),
    ).toEqual([]);
  });
});

describe('the table', () => {
  it('has rooms in the order of their floors', () => {
    const names = layers.map(({ room }) => room);
    const isBefore = (room: string, below: string) => names.findIndex((name) => below === name || below.startsWith(`${name}/`)) < names.indexOf(room);
    expect(layers.flatMap(({ room, imports: below }) => below.filter((name) => !isBefore(room, name)).map((name) => `${room}: ${name}`))).toEqual([]);
  });

  it('is what docs/architecture.md prints', () => {
    expect(readFileSync(`${root}docs/architecture.md`, 'utf8')).toContain(layersText());
  });
});

/** An import, and what must be said of it. */
const refused: Readonly<Record<string, Import>> = {
  'a rule that knows how blocks are mined': { from: 'src/consensus/election.ts', to: 'src/mining/round.ts' },
  'a folder that looks up within its room': { from: 'src/chain/encoding/cid.ts', to: 'src/chain/tipset.ts' },
  'a room that nobody announced': { from: 'src/attic/a.ts', to: 'src/chain/tipset.ts' },
  'a folder that nobody announced': { from: 'src/chain/attic/a.ts', to: 'src/chain/tipset.ts' },
  'a pure room that meets the world': { from: 'src/chain/tipset.ts', to: 'node' },
  'a package that one file has to itself': { from: 'src/consensus/election.ts', to: '@noble/curves' },
  'the rule about folders, where nothing is kept': { from: 'src/runtime/session.ts', to: 'src/folder.ts' },
  'a projection that reads more than records': { from: 'src/projections/luck.ts', to: 'src/journal/journal.ts' },
};

describe('an import is refused:', () => {
  it.for(Object.entries(refused))('%s', ([, one]) => {
    expect(complaintOf(one)).toBeDefined();
  });

  it('in each way of writing it', () => {
    const text =
      "import { a } from '../a.ts';\nimport type { B } from '../b.ts';\nexport { c } from '../c.ts';\nimport '../d.ts';\nconst e = await import('../e.ts');\nimport {\n  f,\n} from './../f.ts';\n";
    expect(importsOf('src/chain/state/x.ts', text).map(({ to }) => to)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `src/chain/${name}.ts`));
  });
});
