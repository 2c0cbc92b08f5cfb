/**
 * Opens a CAR file of any size: one pass frames its sections, notes where each block is and has every block's hash
 * checked (docs/protocol.md 4.8). Blocks are never held.
 */

import { randomBytes } from 'node:crypto';
import { type CarParser, carParser, finishCar, parseCar } from '../../chain/car/car-parser.ts';
import { readSnapshot, type Snapshot } from '../../chain/car/snapshot.ts';
import { type CID, CODEC_DAG_CBOR, decodeCid, HASH_BLAKE2B_256 } from '../../chain/encoding/cid.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { openSource, type Source, type SourceOptions } from '../source/source.ts';
import { type RangeOptions, type Ranges, rangesOf } from './car-file-ranges.ts';
import { type CarHandle, openHandle, openSections, type Sections } from './car-file-reader.ts';
import { buildIndex, type IndexLog, indexLog, logSection } from './car-index.ts';
import { isHeader } from './header-count.ts';

export type CarOptions = SourceOptions & RangeOptions;

export interface CarFile extends Snapshot {
  /** The plain file: the source itself or a temporary one. */
  readonly path: string;
  /** Of the plain file. */
  readonly bytes: number;
  readonly roots: readonly CID[];
  /** Sections, with those whose CID came before. */
  readonly blocks: number;
  readonly duplicates: number;
  /** Blocks that nobody can vouch for: their hash function is not known. */
  readonly unknownHash: number;
  /** Block headers, each once. */
  readonly headers: number;
  readonly handle: CarHandle;
  /** Removes the temporary file; readers that are open go on reading. */
  close(): Promise<void>;
}

/**
 * Opens a path or `-` (standard input). Every block is checked and the head's blocks are there, or it throws: `CAR_…`
 * and `SNAPSHOT_…` for what is in the file, `SOURCE_…` for how to get at it, the signal's reason when aborted.
 */
export async function openCar(path: string, options: CarOptions = {}): Promise<CarFile> {
  const source = await openSource(path, options);
  try {
    return await readSource(source, rangesOf(source.path, options));
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function readSource(source: Source, ranges: Ranges): Promise<CarFile> {
  const key = randomBytes(8);
  const log = indexLog([key.readInt32LE(0), key.readInt32LE(4)]);
  const { roots, parser } = await scan(source, log, ranges).catch(async (error: unknown) => {
    // A block found wrong lies before the place where the framing fails; and nothing may read the file once it is
    // closed.
    await ranges.settle();
    throw error;
  });
  const { blocks, unknownHash, headers } = await ranges.settle();
  if (blocks !== parser.blocks) throw new MineOneError('CAR_CHANGED', `${parser.blocks} blocks were found, ${blocks} were checked: the file changed meanwhile`);
  const place = { path: source.path, size: parser.offset };
  const { index, duplicates, headersAgain } = indexed(place, log);
  const handle: CarHandle = { ...place, index };
  const snapshot = findHead(roots, handle);
  return {
    ...snapshot,
    path: place.path,
    bytes: place.size,
    roots,
    blocks,
    duplicates,
    unknownHash,
    headers: headers - headersAgain,
    handle,
    close: source.close,
  };
}

async function scan(source: Source, log: IndexLog, ranges: Ranges): Promise<{ readonly roots: readonly CID[]; readonly parser: CarParser }> {
  const parser = carParser(source.size ?? undefined);
  let roots: readonly CID[] = [];
  for await (const chunk of source.chunks) {
    for (const event of parseCar(parser, chunk)) {
      if (event.type === 'header') roots = event.roots;
      else if (event.type === 'section') {
        ranges.reach(event.offset);
        logSection(log, event.cid, event.offset);
      }
    }
    await ranges.room();
  }
  finishCar(parser);
  ranges.end(parser.after === null ? parser.offset : parser.end);
  return { roots, parser };
}

function indexed(
  { path, size }: { readonly path: string; readonly size: number },
  log: IndexLog,
): ReturnType<typeof buildIndex> & { readonly headersAgain: number } {
  const sections = openSections(path, size);
  try {
    let headersAgain = 0;
    const built = buildIndex(log, (a, b) => {
      const isSame = sections.isSameCid(a, b);
      if (isSame && isHeaderAt(sections, b)) headersAgain++;
      return isSame;
    });
    return { ...built, headersAgain };
  } finally {
    sections.close();
  }
}

function isHeaderAt(sections: Sections, offset: number): boolean {
  const { code, multihash } = decodeCid(sections.cidAt(offset));
  return code === CODEC_DAG_CBOR && multihash.code === HASH_BLAKE2B_256 && isHeader(sections.blockAt(offset));
}

function findHead(roots: readonly CID[], handle: CarHandle): Snapshot {
  const reader = openHandle(handle);
  try {
    for (const root of roots) requireIn(reader, root);
    const snapshot = readSnapshot(roots, reader.get);
    for (const cid of snapshot.headKey) requireIn(reader, cid);
    return snapshot;
  } finally {
    reader.close();
  }
}

function requireIn(reader: { has(cid: CID): boolean }, cid: CID): void {
  if (!reader.has(cid)) throw new MineOneError('CAR_ROOT_MISSING', `the CAR file's head has the block ${cid}, which is not in it`);
}
