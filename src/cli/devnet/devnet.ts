/** `mineone devnet`: miners on a chain of their own, watched epoch by epoch (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { loadBls } from '../../../native/bls.ts';
import { readArrayHead, readerOf } from '../../chain/encoding/cbor.ts';
import { BLOCK_MESSAGE_LIMIT } from '../../consensus/messages/gas.ts';
import type { Devnet } from '../../devnet/devnet.ts';
import { needsRival } from '../../devnet/faults/fault.ts';
import { rememberingBls } from '../../devnet/setting/remembering-bls.ts';
import type { MineOneError } from '../../errors/mineone-error.ts';
import type { Journal } from '../../journal/journal.ts';
import type { EpochRow } from '../../projections/epoch-row.ts';
import { withJournal } from '../journal/open-journal.ts';
import { EXIT_WRONG } from '../terminal/failure.ts';
import { closeInOwnTime, interruption } from '../terminal/interrupt.ts';
import { toJson } from '../terminal/json.ts';
import { createLive } from '../terminal/live.ts';
import { goOnWithoutLog, miningLog } from '../terminal/log.ts';
import { commandName } from '../terminal/pasted.ts';
import { fitted } from '../terminal/say.ts';
import { widthOf } from '../terminal/terminal.ts';
import { type DevnetFolder, openDevnetFolder } from './folder.ts';
import { type DevnetCommandOptions, devnetOptions, faultHelp, folderOptions } from './options.ts';
import { epochRows } from './rows.ts';
import { type Range, runDevnet } from './run.ts';
import { type DevnetSummary, outcomeCounts, summaryOf } from './summary.ts';
import { devnetEnd, devnetHead, devnetHints, devnetIntro, devnetRow, isBound, type Stopped, waitText } from './text.ts';

export function devnetCommand(): Command {
  return devnetOptions(
    new Command('devnet').description('mine on a private test chain, which checks every block; at the end, compute every step again and compare'),
  )
    .addHelpText(
      'after',
      `${faultHelp()}\n\nExit code 1: a block was rejected, or a step computed again differs.\n\nExample:\n  mineone devnet --miners 3 --epochs 20`,
    )
    .action(devnet);
}

async function devnet(options: DevnetCommandOptions): Promise<void> {
  closeInOwnTime();
  goOnWithoutLog();
  const { bls: make, note } = loadBls();
  // One memory for the miners and the chain: what one of them signed, the other need not verify.
  const bls = rememberingBls(make);
  const faults = options.fault ?? [];
  const place = await openDevnetFolder(folderOptions(options, faults.some(needsRival) ? 1 : 0));
  const screen = options.json ? jsonScreen() : textScreen({ place, options, blsName: bls.name, note });
  const counts = outcomeCounts();
  let journal: Journal | undefined;
  let bound: readonly EpochRow[] = [];
  const rows = epochRows((over) => {
    counts.add(over);
    screen.epoch(over, journal);
  });
  const end = await runDevnet({
    place,
    bls,
    epochs: options.epochs ?? Number.POSITIVE_INFINITY,
    speed: options.speed,
    faults,
    rows,
    onBegin: screen.begin,
    onRecord(open) {
      journal = open;
      screen.going(rows.going, open);
    },
    onWait(going, now) {
      bound = going.filter(isBound);
      screen.wait(going, now);
    },
    onFault: screen.fault,
  });
  const { open, summary } = await withJournal(place.folder, async (closed) => {
    // Rows that are not over name messages in the journal, which the miner closed.
    journal = closed;
    const rest = rows.end();
    screen.close();
    return { open: rest, summary: await summaryOf(closed, end, counts) };
  });
  screen.end(summary, stoppedBy(bound, open));
  if (summary.replay.divergence !== null || Object.keys(summary.blocks.rejected).length > 0) process.exitCode = EXIT_WRONG;
}

/** `open`: rows that were not over at the end. */
function stoppedBy(bound: readonly EpochRow[], open: readonly EpochRow[]): Stopped | null {
  if (!interruption.aborted) return null;
  // A block that the node took is out, though nobody has seen it on the chain yet.
  const isKept = (row: EpochRow): boolean => open.some(({ epoch, miner, at }) => epoch === row.epoch && miner === row.miner && at !== 'sent');
  return { bound: bound.length, out: bound.filter((row) => !isKept(row)).length, open: open.length };
}

/** What is seen of a run, for people or for scripts. */
interface Screen {
  begin(range: Range, devnet: Devnet): void;
  epoch(rows: readonly EpochRow[], journal: Journal | undefined): void;
  going(rows: () => readonly EpochRow[], journal: Journal): void;
  /** It was told to end, and waits. */
  wait(going: readonly EpochRow[], now: number): void;
  fault(fault: MineOneError): void;
  /** Nothing changes any more. */
  close(): void;
  end(summary: DevnetSummary, stopped: Stopped | null): void;
}

function textScreen({ place, options, blsName, note }: TextOptions): Screen {
  const log = miningLog((writes) => fitted([`… and ${writes} more, which nobody read`]).join('\n'));
  const live = createLive(log);
  let told: EpochRow | null = null;
  const linesOf = (row: EpochRow, journal: Journal | undefined): readonly string[] => devnetRow(row, messagesOf(row, journal), widthOf(process.stdout));
  return {
    begin(range, { network }) {
      const intro = devnetIntro({
        place,
        devnet: { network },
        range,
        speed: options.speed,
        blsName,
        faults: (options.fault ?? []).map(({ name, rate }) => `${name} at ${rate}`),
      });
      live.print(fitted([...intro, ...(note === null ? [] : [note]), ...devnetHead(widthOf(process.stdout))]));
    },
    epoch(rows, journal) {
      told = mostTelling([...(told === null ? [] : [told]), ...rows]);
      live.print(rows.flatMap((row) => linesOf(row, journal)));
    },
    going: (rows, journal) => live.show(() => rows().flatMap((row) => linesOf(row, journal))),
    wait: (going, now) => live.print(fitted([waitText(going, now, options.speed)])),
    fault: ({ code, message }) => live.print(fitted([`${code}: ${message}`])),
    close: live.end,
    end(summary, stopped) {
      const hints = devnetHints(commandName(), place.folder, told);
      log.write(`${[...fitted(devnetEnd(summary, stopped, widthOf(process.stdout))), ...hints].join('\n')}\n`);
    },
  };
}

interface TextOptions {
  readonly place: DevnetFolder;
  readonly options: DevnetCommandOptions;
  readonly blsName: string;
  readonly note: string | null;
}

function jsonScreen(): Screen {
  const log = miningLog((lines) => toJson({ type: 'unread', lines }));
  const print = (value: object): void => void log.write(`${toJson(value)}\n`);
  return {
    begin: ({ from, to }, { network, miners }) =>
      print({ type: 'begin', from, to: Number.isFinite(to) ? to : null, network, miners: miners.map(({ name }) => name) }),
    epoch(rows, journal) {
      for (const row of rows) {
        const { epoch, miner, outcome, wins, quality, times, deadlines } = row;
        print({ type: 'epoch', epoch, miner, outcome, wins, quality, messages: messagesOf(row, journal), times, deadlines });
      }
    },
    going: () => undefined,
    wait: () => undefined,
    fault: ({ code, message }) => print({ type: 'warning', code, message }),
    close: () => undefined,
    end: (summary) => print({ type: 'end', ...summary }),
  };
}

/** Something to explain: the last that went wrong, else the last that was mined, else the last. */
function mostTelling(rows: readonly EpochRow[]): EpochRow | null {
  const rank = ({ outcome }: EpochRow): number => (outcome === null || outcome.outcome === 'lost' ? 0 : outcome.outcome === 'mined' ? 1 : 2);
  return rows.reduce<EpochRow | null>((best, row) => (best === null || rank(row) >= rank(best) ? row : best), null);
}

/** How many messages were selected; `null` before that, and while a journal that was closed is drawn once more. */
function messagesOf({ messages }: EpochRow, journal: Journal | undefined): number | null {
  if (messages === null) return null;
  const bytes = messages instanceof Uint8Array ? messages : journal?.ended() === false ? journal.blob(messages.$blob) : undefined;
  return bytes === undefined ? null : readArrayHead(readerOf(bytes), BLOCK_MESSAGE_LIMIT);
}
