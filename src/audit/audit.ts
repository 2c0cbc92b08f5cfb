/**
 * An audit: a source opened, its chain found, its blocks judged on all cores, reports in the order of epochs whatever
 * the order they are ready in.
 */

import { loadBls } from '../../native/bls.ts';
import { formatAddress } from '../chain/address.ts';
import { isPath, minerNameOf } from '../chain/argument.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import { parseCid } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { rangeFault } from '../chain/epoch-range.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { judgeGenesis } from '../consensus/validation/genesis.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { isWhole, optionCheck } from '../errors/option.ts';
import { checkOptions, needed, type OptionRules, optional } from '../errors/strict.ts';
import { type CarFile, openCar } from './car/car-file.ts';
import { openHandle } from './car/car-file-reader.ts';
import { besideRows } from './chain/beside-rows.ts';
import { blockAt } from './chain/block-at.ts';
import { type ChainTable, cidAt, heightAt, indexFrom, keyOf, walkChain } from './chain/chain-table.ts';
import { checkMiners } from './chain/known-miners.ts';
import { watchedRows } from './chain/watched.ts';
import { type Crew, createCrew } from './crew.ts';
import type { GenesisReport, StretchReport } from './report/block-report.ts';
import type { Unreached } from './report/summary.ts';

export interface AuditOptions {
  /** The network's rules; asked once, with the genesis header if the source has it. */
  readonly network: (genesis: BlockHeader | null) => NetworkParams;
  readonly from?: Epoch | undefined;
  readonly to?: Epoch | undefined;
  /** `f01000`: judge these miners' blocks alone. */
  readonly miners?: readonly string[];
  readonly tempDir?: string | undefined;
  /** Called now and then with where the work is. */
  readonly onProgress?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Threads; as many as there are cores if not given. */
  readonly threads?: number | undefined;
}

const CODE = 'AUDIT_OPTION';

const EPOCH = optional('an epoch, a whole number of at least 0', (value) => isWhole(value, 0));

const RULES: OptionRules<AuditOptions> = {
  network: needed(
    'a function that gives the rules of a network, such as () => MAINNET (mineone/consensus/network/networks)',
    (value) => typeof value === 'function',
  ),
  from: EPOCH,
  to: EPOCH,
  miners: optional('a list of id addresses, such as f01000', (value) => Array.isArray(value) && value.every((name) => minerNameOf(name) === name)),
  tempDir: optional('the path of a folder', isPath),
  onProgress: optional('a function', (value) => typeof value === 'function'),
  signal: optional('an AbortSignal', (value) => value instanceof AbortSignal),
  threads: optional('a number of threads, whole and at least 1', (value) => isWhole(value, 1)),
};

export interface Audit {
  readonly params: NetworkParams;
  readonly file: Pick<CarFile, 'blocks' | 'bytes' | 'unknownHash' | 'format'>;
  readonly chain: { readonly first: Epoch; readonly head: Epoch; readonly tipsets: number };
  /** The epochs that will be judged. */
  readonly range: { readonly from: Epoch; readonly to: Epoch };
  readonly bls: { readonly name: string; readonly note: string | null };
  /** `null` where the source begins later. */
  readonly genesis: GenesisReport | null;
  readonly unreached: Unreached;
  /** Blocks of branches beside the chain, at other epochs than those that will be judged. */
  readonly leftOut: number;
  /** Once; in the order of epochs. */
  reports(): AsyncGenerator<StretchReport>;
  close(): Promise<void>;
}

/** Audits so far in this thread: a judge is kept for one of them. */
let audits = 0;

/**
 * Tipsets that one task judges: with signatures verified together many, each is then cheaper; one by one few, so that
 * there is something to see soon.
 */
const STRETCH = { native: 24, noble: 8 };

/**
 * Throws what opening the source, walking its chain and the network's rules throw: `CAR_…`, `SOURCE_…`, `CHAIN_…`,
 * `NETWORK_MISMATCH`, `AUDIT_RANGE`, `MINER_UNKNOWN`, `AUDIT_OPTION`.
 */
export async function openAudit(source: string, options: AuditOptions): Promise<Audit> {
  optionCheck('openAudit', CODE)('source', source, 'the path of a chain file, or - for standard input', isPath(source));
  checkOptions<AuditOptions>('openAudit', CODE, options, RULES);
  const crew = createCrew(options.threads);
  const file = await openCar(source, {
    tempDir: options.tempDir,
    signal: options.signal,
    onProgress: (bytes, total) => options.onProgress?.(`reading ${megabytes(bytes)}${total === null ? '' : ` of ${megabytes(total)}`}`),
    verify: crew.verify,
    verifyConcurrency: crew.threads,
  }).catch(async (error: unknown) => {
    await crew.close();
    throw error;
  });
  try {
    return plan(file, crew, options);
  } catch (error) {
    await Promise.all([file.close(), crew.close()]);
    throw error;
  }
}

function plan(file: CarFile, crew: Crew, options: AuditOptions): Audit {
  const reader = openHandle(file.handle);
  try {
    const { table, genesis, headers, isCut, loose } = walkChain(reader.get, file.headKey, (height) =>
      options.onProgress?.(`finding the chain: epoch ${height}`),
    );
    const params = options.network(genesis);
    const isNetwork = typeof (params as Partial<NetworkParams> | null | undefined)?.genesisTimestamp === 'bigint';
    optionCheck('openAudit', CODE)('network()', params, 'the rules of a network, such as MAINNET of mineone/consensus/network/networks', isNetwork);
    if (genesis !== null && genesis.timestamp !== params.genesisTimestamp) throw mismatch(genesis.timestamp, params);
    const chain = { first: heightAt(table, 0), head: heightAt(table, table.length - 1), tipsets: table.length };
    const range = { from: Math.max(options.from ?? 0, chain.first), to: Math.min(options.to ?? chain.head, chain.head) };
    if (range.from > range.to) throw new MineOneError('AUDIT_RANGE', rangeFault('the source', { from: chain.first, to: chain.head }, options.from, options.to));
    const rows = { from: indexFrom(table, range.from), to: indexFrom(table, range.to + 1) };
    checkMiners(reader.get, table, rows, options.miners ?? []);
    const { judged: beside, leftOut } = besideRows(reader.get, table, loose, options);
    const { bls, note } = loadBls();
    const all = [rows, ...beside].flatMap((part) => [...stretches(part, STRETCH[bls.name])]);
    crew.prepare(all.length);
    const expect = options.miners?.length ? options.miners : minersOf(reader.get, table, rows);
    const task = { id: ++audits, handle: file.handle, table, params, miners: options.miners ?? [], expect, watched: watchedRows(reader.get, table) };
    return {
      params,
      file,
      chain,
      range,
      bls: { name: bls.name, note },
      genesis: genesis === null ? null : genesisReport(reader.get, table, genesis, params),
      unreached: { headers: Math.max(0, file.headers - headers), isCut },
      leftOut,
      reports: () => crew.judge(task, all, options.signal),
      close: async () => {
        await Promise.all([file.close(), crew.close()]);
      },
    };
  } finally {
    reader.close();
  }
}

function genesisReport(get: ReturnType<typeof openHandle>['get'], table: ChainTable, header: BlockHeader, params: NetworkParams): GenesisReport {
  const cids = keyOf(get, table, 0, parseCid);
  return { cid: cidAt(table, 0).toString(), checks: judgeGenesis(params, cids, header) };
}

function* stretches({ from, to }: { readonly from: number; readonly to: number }, length: number): Generator<{ readonly from: number; readonly to: number }> {
  for (let row = from; row < to; row += length) yield { from: row, to: Math.min(row + length, to) };
}

/** Everybody who mined in these rows, in order of their ids. */
function minersOf(
  get: ReturnType<typeof openHandle>['get'],
  table: ChainTable,
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  const miners = new Set<string>();
  for (let row = from; row < to; row++) {
    if (heightAt(table, row) === 0) continue;
    for (const cid of keyOf(get, table, row, parseCid)) {
      const { header } = blockAt(get, cid);
      if (header !== null) miners.add(formatAddress(header.miner));
    }
  }
  return [...miners].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

function mismatch(timestamp: bigint, params: NetworkParams): MineOneError {
  return new MineOneError(
    'NETWORK_MISMATCH',
    `genesis of the source is of ${timestamp}, that of network ${params.name} of ${params.genesisTimestamp}; name the right one with --network`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
