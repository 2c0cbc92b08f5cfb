/**
 * The one layer table: which room may import which, and in which order the folders of a room lie. layers.test.ts holds
 * every file against it; docs/architecture.md prints it.
 */

import { posix } from 'node:path';

/** A room: a folder of `src`, a folder beside it, or one file of `src`. */
export interface Room {
  readonly room: string;
  readonly what: string;
  /** Rooms below that it may import; `src/journal/format` is that folder of the room alone. */
  readonly imports: readonly string[];
  /** Its folders, lowest first; `.` is the files beside them. A folder imports those before it. */
  readonly folders?: readonly string[];
  /** Packages, and `node` for Node's own modules. */
  readonly packages?: readonly string[];
}

const nouns = ['src/errors', 'src/chain'];
const rules = [...nouns, 'src/consensus', 'src/mining'];

/** Lowest first: a room imports rooms before it. */
export const layers: readonly Room[] = [
  { room: 'src/errors', what: 'what MineOne throws, and how options are held against what they must be', imports: [] },
  { room: 'src/duration.ts', what: 'reads `30d`', imports: [] },
  { room: 'src/node-version.ts', what: 'what an old Node is told, before anything else is loaded', imports: [] },
  { room: 'src/folder.ts', what: 'makes a folder, or says why none can be made', imports: ['src/errors'], packages: ['node'] },
  {
    room: 'src/chain',
    what: "Filecoin's nouns, each with its codec; `ipld` trees, `car` files, `state` reads actors",
    imports: ['src/errors'],
    folders: ['encoding', '.', 'ipld', 'car', 'state'],
    packages: ['@noble/hashes', 'multiformats'],
  },
  {
    room: 'src/consensus',
    what: 'the rules of Filecoin: pure functions; `validation` judges a block',
    imports: nouns,
    folders: ['signatures', 'network', 'messages', '.', 'validation'],
    packages: ['@noble/hashes', '@noble/curves'],
  },
  {
    room: 'src/mining',
    what: 'what MineOne decides and Filecoin does not say: round, base, own block, slash filter, outcome',
    imports: [...nouns, 'src/consensus'],
  },
  { room: 'src/ports', what: 'what is asked of the world; types only', imports: ['src/chain', 'src/consensus', 'src/mining'] },
  { room: 'src/pause.ts', what: 'waits on a clock', imports: ['src/ports'] },
  { room: 'machines', what: 'the protocol, as charts', imports: ['src/mining'], packages: ['xstate'] },
  { room: 'native', what: 'BLS12-381 in Rust, behind `Bls`', imports: [...nouns, 'src/consensus'], packages: ['node'] },
  {
    room: 'src/journal',
    what: 'records (`format`), LevelDB (`store`), the hash chain, the slash rows, verify, seals, what is left of a damaged one (`salvage`)',
    imports: [...rules, 'src/ports', 'src/folder.ts'],
    folders: ['format', 'chain', 'store', 'slash', '.', 'salvage', 'guard'],
    packages: ['node', 'level', 'multiformats'],
  },
  { room: 'src/statechart', what: 'charts walked as pure functions, and the turn', imports: ['src/errors', 'src/journal'], packages: ['xstate'] },
  { room: 'src/projections', what: 'read models: pure folds over records', imports: [...rules, 'src/journal/format'] },
  { room: 'src/replay', what: 'records folded again: replay, what-if, signatures, retention', imports: [...rules, 'src/journal', 'src/statechart'] },
  {
    room: 'src/runtime',
    what: 'mailbox, session, bind, recovery, rescue',
    imports: [...rules, 'src/ports', 'src/pause.ts', 'src/journal', 'src/statechart', 'src/replay'],
    packages: ['node', 'rxjs'],
  },
  {
    room: 'src/effects',
    what: 'effects as calls of the ports; `answers` looks at what comes back',
    imports: [...rules, 'src/ports', 'src/pause.ts', 'src/journal', 'src/runtime'],
    folders: ['answers', '.'],
  },
  { room: 'src/streams', what: 'RxJS: clock, tipsets, beacons', imports: [...nouns, 'src/consensus', 'src/ports', 'src/pause.ts'], packages: ['rxjs'] },
  {
    room: 'src/adapters',
    what: 'makes of the ports',
    imports: [...rules, 'src/ports', 'src/folder.ts'],
    packages: ['node', '@noble/ciphers', '@noble/hashes'],
  },
  {
    room: 'src/devnet',
    what: 'the embedded chain',
    imports: [...rules, 'src/ports', 'src/folder.ts'],
    folders: ['setting', 'state', 'chain', 'messages', '.', 'faults'],
    packages: ['node', 'multiformats'],
  },
  {
    room: 'src/audit',
    what: 'a chain file judged on all cores, and the report',
    imports: [...nouns, 'src/consensus', 'native'],
    folders: ['source', 'car', 'chain', 'report', '.'],
    packages: ['node', 'fzstd', 'piscina'],
  },
  { room: 'src/verified-node.ts', what: 'the node whose beacon entries are verified', imports: [...rules, 'src/ports', 'src/streams', 'src/effects'] },
  {
    room: 'src/news.ts',
    what: 'what is written down of the world beside the epochs',
    imports: ['src/errors', 'src/chain', 'src/mining', 'src/journal', 'src/runtime', 'src/effects', 'src/streams'],
    packages: ['rxjs'],
  },
  {
    room: 'src/observed-blocks.ts',
    what: 'what the chain has where observed epochs won',
    imports: [...rules, 'src/ports', 'src/pause.ts', 'src/journal', 'src/projections', 'src/runtime', 'src/effects'],
    packages: ['rxjs'],
  },
  {
    room: 'src/miner.ts',
    what: '`createMiner`, the embedding API',
    imports: [
      ...rules,
      'src/ports',
      'machines',
      'native',
      'src/journal',
      'src/statechart',
      'src/replay',
      'src/runtime',
      'src/effects',
      'src/streams',
      'src/adapters',
      'src/verified-node.ts',
      'src/news.ts',
      'src/observed-blocks.ts',
    ],
    packages: ['rxjs'],
  },
  { room: 'src/embedding.ts', what: "the package's door: loads the rest when a miner is made", imports: ['src/miner.ts'] },
  {
    room: 'src/config.ts',
    what: '`mineone.toml`, `MINEONE_*` and flags as one',
    imports: ['src/errors', 'src/duration.ts'],
    packages: ['smol-toml', 'zod'],
  },
  {
    room: 'src/cli',
    what: 'commands',
    imports: [
      ...rules,
      'src/ports',
      'native',
      'src/journal',
      'src/projections',
      'src/replay',
      'src/runtime',
      'src/adapters',
      'src/devnet',
      'src/audit',
      'src/miner.ts',
      'src/config.ts',
      'src/duration.ts',
      'src/folder.ts',
    ],
    folders: ['terminal', 'options', 'journal', 'devnet', 'audit', 'observe', '.'],
    packages: ['node', 'commander', '@bomb.sh/tab', 'multiformats', 'smol-toml', 'zod'],
  },
  { room: 'src/main.ts', what: 'the program', imports: ['src/cli', 'src/node-version.ts'] },
];

/** Packages that one file, or one folder, of a room has to itself. */
export const alone: Readonly<Record<string, string>> = {
  '@noble/curves': 'src/consensus/signatures/noble.ts',
  '@noble/ciphers': 'src/adapters/key-file.ts',
  level: 'src/journal/store',
  fzstd: 'src/audit/source/decompress-zstd.ts',
  piscina: 'src/audit/crew.ts',
};

/** An import: of the file, what it names. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORTED = /^(?:import|export)\b[^;'"`]*?\bfrom '([^'\n]+)'|^import '([^'\n]+)'|\bimport\('([^'\n]+)'\)/gm;

/** Paths as they are from the repository's top; packages by their names. */
export function importsOf(path: string, text: string): readonly Import[] {
  return [...text.matchAll(IMPORTED)].map(([, ...named]) => {
    const name = named.find((part) => part !== undefined) ?? '';
    if (name.startsWith('.')) return { from: path, to: posix.join(posix.dirname(path), name) };
    if (name.startsWith('node:')) return { from: path, to: 'node' };
    return {
      from: path,
      to: name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    };
  });
}

const isWithin = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

export const roomOf = (path: string): Room | undefined => layers.find(({ room }) => isWithin(path, room));

/** Says what is wrong with an import; nothing where it goes down. */
export function complaintOf({ from, to }: Import): string | undefined {
  const room = roomOf(from);
  if (room === undefined) return `${from} is in no room: give its folder a row in test/house/layers.ts`;
  if (!to.includes('.ts')) {
    const place = alone[to];
    const isTaken = place !== undefined && from.startsWith('src/') && !isWithin(from, place);
    return isTaken || !(room.packages ?? []).includes(to) ? `${from} may not import the package ${to}` : undefined;
  }
  const target = roomOf(to);
  if (target === room) return folderComplaint(room, from, to);
  return room.imports.some((allowed) => isWithin(to, allowed))
    ? undefined
    : `${from} may not import ${to}: ${room.room} has ${room.imports.join(', ') || 'nothing'} below it`;
}

function folderComplaint({ room, folders = ['.'] }: Room, from: string, to: string): string | undefined {
  const rank = (path: string) => folders.indexOf(path.slice(room.length + 1).split('/').length > 1 ? (path.slice(room.length + 1).split('/')[0] ?? '') : '.');
  if (rank(from) < 0 || rank(to) < 0) return `${from}, ${to}: a folder without a place among those of ${room}`;
  return rank(to) <= rank(from) ? undefined : `${from} may not import ${to}: its folder lies above, in ${room}`;
}

/** The table as docs/architecture.md prints it, highest first. */
export function layersText(): string {
  const cell = (names: readonly string[]) => names.map((name) => `\`${name.replace(/^src\//, '')}\``).join(', ');
  const row = ({ room, what, imports, folders = [], packages = [] }: Room) =>
    `| \`${room}\` | ${what} | ${cell(folders)} | ${cell([...imports, ...packages]) || 'nothing'} |`;
  return ['| room | what | its folders, lowest first | may import |', '|---|---|---|---|', ...[...layers].reverse().map(row)].join('\n');
}
