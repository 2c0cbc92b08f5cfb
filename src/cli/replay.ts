/**
 * `mineone replay`: computes the journal again and compares every transition; needs no node, no keys, no clock
 * (docs/commands.md, «Command line»).
 */

import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { loadBls } from '../../native/bls.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal, StoredRecord } from '../journal/journal.ts';
import { ENGINES, type Engine, loadMachines } from '../miner.ts';
import { type CryptoReport, verifyCrypto } from '../replay/crypto.ts';
import { isOf, partOf } from '../replay/part.ts';
import { type ReplayReport, replay } from '../replay/replay.ts';
import { actorsAtBeginning } from '../replay/retention.ts';
import { slashWatch } from '../replay/slash.ts';
import { type EpochSource, withEpoch } from './journal/epoch-source.ts';
import { checkJournalNetwork } from './journal/journal-network.ts';
import { withJournal } from './journal/open-journal.ts';
import { recordLines } from './journal/record-text.ts';
import { collect, parseEpoch, parseMiner } from './options/arguments.ts';
import { dataOption, networkFile } from './options/data-dir.ts';
import { networkOption } from './options/network-option.ts';
import { EXIT_WRONG } from './terminal/failure.ts';
import { toJson } from './terminal/json.ts';
import { createProgress } from './terminal/progress.ts';
import { say } from './terminal/say.ts';
import { paint } from './terminal/style.ts';
import { widthOf } from './terminal/terminal.ts';
import { askWhatIf } from './what-if.ts';

interface ReplayCommandOptions {
  readonly epoch?: Epoch;
  readonly miner?: string;
  readonly step?: true;
  readonly crypto?: true;
  readonly whatIf?: readonly string[];
  readonly engine: Engine;
  readonly network?: string;
  readonly data: string;
  readonly json?: true;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('compute every recorded step again and compare; or compute an epoch with another parameter')
    .option('--epoch <EPOCH>', 'only this epoch', parseEpoch)
    .option('--miner <ADDRESS>', 'only this miner', parseMiner)
    .option('--step', 'print every record')
    .option('--crypto', 'also verify the recorded signatures: tickets, election proofs, blocks; and beacon entries, if the network is known')
    .addOption(new Option('--engine <NAME>', 'what computes the steps: the code of MineOne, or that of XState').choices(ENGINES).default('mineone'))
    .option(
      '--network <NAME|FILE>',
      'network of the journal, for --crypto: mainnet, calibnet, butterflynet, or a network file; the network.json beside the journal if not given',
    )
    .option('--what-if <KEY=VALUE>', 'compute the epoch with another parameter, such as propagationDelaySecs=6 (repeatable)', collect)
    .addOption(dataOption())
    .option('--json', 'print one JSON document (JSON lines with --step)')
    .addHelpText(
      'after',
      '\nExit code 1: a step differs; the first one is shown, as recorded and as computed.\n\nExample:\n  mineone replay --epoch 4 --miner f01000 --step --data ~/.mineone/devnet',
    )
    .action((options: ReplayCommandOptions) => {
      const act = (source: EpochSource, begin?: ActorsAt, whole?: Journal): Promise<void> =>
        options.whatIf === undefined ? verify(source, options, begin, whole) : askWhatIf(source, options.whatIf, options);
      const { epoch, miner, data, engine } = options;
      if (epoch !== undefined && miner !== undefined) return withEpoch(data, { miner, epoch }, (source) => act(source));
      return withJournal(data, (journal) => act(journal, actorsAtBeginning(journal.checkpoint(), loadMachines(engine)), journal));
    });
}

type ActorsAt = ReturnType<typeof actorsAtBeginning>;

/** `whole`: of a journal all of whose records are read the rows of the slash filter are looked at too. */
async function verify(journal: EpochSource, options: ReplayCommandOptions, begin?: ActorsAt, whole?: Journal): Promise<void> {
  const progress = createProgress();
  const started = performance.now();
  const watch = whole === undefined ? null : slashWatch(whole);
  const records = partOf(watch?.records ?? journal.records(), options);
  const replayed = await replay(seen(records, options, progress.update), loadMachines(options.engine), journal.shared, begin);
  const divergence = replayed.divergence ?? (await watch?.divergence((stream) => isOf(stream, options))) ?? null;
  const report = { ...replayed, divergence };
  progress.clear();
  if (report.records === 0) throw new MineOneError('REPLAY_EMPTY', 'no record of that epoch or miner is in the journal; see `mineone journal stat`');
  const secs = (performance.now() - started) / 1000;
  const crypto = options.crypto ? await cryptoOf(journal, options, begin) : null;
  if (options.json) process.stdout.write(`${toJson({ type: 'replay', ...report, engine: options.engine, secs, ...(crypto === null ? {} : { crypto }) })}\n`);
  else say([...reportLines(report, secs, options.engine), ...(crypto === null ? [] : [cryptoText(crypto)])]);
  if (report.divergence !== null || (crypto?.fault ?? null) !== null) process.exitCode = EXIT_WRONG;
}

/** `network`: whose beacon entries were verified. */
type CryptoFound = CryptoReport & { readonly network: string | null };

async function cryptoOf(journal: EpochSource, options: ReplayCommandOptions, begin: ActorsAt = new Map()): Promise<CryptoFound> {
  const params = networkIn(options);
  if (params !== null) await checkJournalNetwork(partOf(journal.records(), options), params);
  const cut = new Set(begin.keys());
  const report = await verifyCrypto(partOf(journal.records(), options), {
    bls: loadBls().bls,
    blob: journal.blob,
    cut,
    ...(params === null ? {} : { params }),
  });
  return { ...report, network: params?.name ?? null };
}

/**
 * The network that was named; else the one whose file lies beside the journal, as that of a devnet and of `run
 * --observe` does.
 */
function networkIn({ network, data }: ReplayCommandOptions): NetworkParams | null {
  const known = network ?? (existsSync(networkFile(data)) ? networkFile(data) : null);
  return known === null ? null : networkOption(known)(null);
}

function cryptoText({ vrfs, beaconEntries, blocks, uncheckedBeaconEntries, uncheckedSignatures, fault, network }: CryptoFound): string {
  if (fault !== null) return paint('red', `Record ${fault.seq} of ${fault.stream}: ${fault.what}`);
  const unchecked = uncheckedBeaconEntries === 0 ? '' : `; ${uncheckedBeaconEntries} beacon entries not checked: name their network with --network`;
  const cut = uncheckedSignatures === 0 ? '' : `; ${uncheckedSignatures} signatures not checked, of epochs whose beginning was given up`;
  const beacons = network === null ? '' : `${beaconEntries} beacon entries of ${network}, `;
  return paint('green', `Every signature good: ${vrfs} tickets and election proofs, ${beacons}${blocks} blocks${unchecked}${cut}.`);
}

async function* seen(records: AsyncIterable<StoredRecord>, { step, json }: ReplayCommandOptions, update: (text: string) => void): AsyncGenerator<StoredRecord> {
  for await (const stored of records) {
    yield stored;
    const { record } = stored;
    if (step && json) process.stdout.write(`${toJson({ type: 'record', ...record })}\n`);
    else if (step) say(recordLines(record, widthOf(process.stdout)));
    else update(`replayed up to record ${record.seq}`);
  }
}

function reportLines({ records, steps, divergence, unchecked = 0 }: ReplayReport, secs: number, engine: Engine): readonly string[] {
  const stepped = engine === 'xstate' ? ', stepped by XState itself,' : '';
  const passed = unchecked === 0 ? '' : ` ${unchecked} records could not be checked: other code wrote what retention gave up of their streams.`;
  if (divergence === null)
    return [paint('green', `Every transition identical: ${records} records, ${steps} steps${stepped} in ${secs.toFixed(1)} s.${passed}`)];
  const { seq, stream, what, recorded, recomputed } = divergence;
  return [paint('red', `Record ${seq} of ${stream} differs in its ${what}:`), `  recorded    ${recorded}`, `  recomputed  ${recomputed}`];
}
