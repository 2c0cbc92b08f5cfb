/**
 * The devnet as text for people: what it is, a row for each epoch and miner, what came of it. No line is wider than 80
 * characters but for what is pasted: a folder's name, the commands to type next.
 */

import { toHex } from '../../chain/encoding/bytes.ts';
import type { Devnet } from '../../devnet/devnet.ts';
import { roundConfig } from '../../miner.ts';
import { deadlinesOf } from '../../mining/round.ts';
import type { EpochRow } from '../../projections/epoch-row.ts';
import { outcomeName } from '../../projections/outcome-name.ts';
import { pasted } from '../terminal/pasted.ts';
import { paint } from '../terminal/style.ts';
import { type Cell, type Column, headLines, rowLines } from '../terminal/table.ts';
import { under } from '../terminal/wrap.ts';
import type { DevnetFolder } from './folder.ts';
import type { Range } from './run.ts';
import type { DevnetSummary } from './summary.ts';

const COLUMNS: readonly Column[] = [
  { title: 'epoch', align: 'right' },
  { title: 'miner', width: 6 },
  { title: 'wins', align: 'right' },
  { title: 'quality', align: 'right' },
  { title: 'msgs', align: 'right' },
  { title: 'base', align: 'right' },
  { title: 'elect', align: 'right' },
  { title: 'prove', align: 'right' },
  { title: 'block', align: 'right' },
  { title: 'left', align: 'right' },
  { title: 'outcome' },
];

export function devnetHead(limit: number): readonly string[] {
  return headLines(COLUMNS, limit);
}

/** `messages` is how many the block carries; `null` where none were selected. */
export function devnetRow(row: EpochRow, messages: number | null, limit: number): readonly string[] {
  const { epoch, miner, wins, quality } = row;
  return rowLines(COLUMNS, [epoch, miner, wins ?? '', quality?.toFixed(4) ?? '', messages ?? '', ...timeCells(row), outcomeCell(row)], limit);
}

/** Yellow what was not done at the cut-off, red what was not when the block was due. */
function timeCells({ times, done, deadlines: { cutoff } }: EpochRow): readonly Cell[] {
  const cell = (ms: number | null, at = 0): string => (ms === null ? '' : at > cutoff ? paint('yellow', duration(ms)) : duration(ms));
  const { base, elect, prove, block, left } = times;
  const due = left === null ? '' : left < 0 ? paint('red', `-${duration(-left)}`) : duration(left);
  return [cell(base, done.base), cell(elect, done.elect), cell(prove, Math.max(done.ticket ?? 0, done.proof ?? 0)), cell(block), due];
}

/** Four characters at most, up to 99 s: `12`, `999`, `1.2s`, `12s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}`;
  return `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)}s`;
}

function outcomeCell({ outcome, at }: EpochRow): string {
  if (outcome === null) return paint('dim', at);
  const name = outcomeName(outcome);
  switch (outcome.outcome) {
    case 'mined':
      return paint('green', name);
    case 'lost':
      return paint('dim', name);
    case 'stopped':
    case 'ineligible':
      return paint('yellow', name);
    default:
      return paint('red', name);
  }
}

export interface Intro {
  readonly place: DevnetFolder;
  readonly devnet: Pick<Devnet, 'network'>;
  readonly range: Range;
  readonly speed: number | 'max';
  readonly blsName: string;
  readonly faults: readonly string[];
}

export function devnetIntro({ place, devnet, range, speed, blsName, faults }: Intro): readonly string[] {
  const { seed, miners, rivals } = place.settings;
  const { blockDelaySecs } = devnet.network;
  const { base, cutoff, submit, giveUp } = deadlinesOf(roundConfig(devnet.network, false), 1);
  const into = (at: number): string => secs(at - (submit - blockDelaySecs * 1000));
  const pace = speed === 'max' ? 'as fast as it goes' : speed === 1 ? 'in real time' : `${speed} times as fast as real time`;
  const until = range.to === Number.POSITIVE_INFINITY ? 'until Ctrl-C' : `to ${range.to}`;
  return [
    `${paint('bold', 'A chain of its own')}: ${count(miners, 'miner')}${rivals === 0 ? '' : `, ${count(rivals, 'competitor')}`}, an epoch every ${blockDelaySecs} s, ${pace}.`,
    place.isOld ? `It goes on where it stopped: epoch ${range.from} ${until}.` : `It begins now, with the seed "${seed}": epochs ${range.from} ${until}.`,
    `Signatures by ${blsName}. Chain and journal: ${pasted(place.folder)}`,
    ...(faults.length === 0 ? [] : [`${paint('yellow', 'Faults')}: ${faults.join(', ')}.`]),
    '',
    `Due: base at ${into(base)}, cut-off ${into(cutoff)}, block out ${into(submit)}, too late at ${into(giveUp)}.`,
    'In ms: how long base, elect, prove and block took; left until the block is due.',
    '',
  ];
}

/**
 * What an interruption found: blocks that were bound and not out, of which so many went out before the end; epochs that
 * are not over.
 */
export interface Stopped {
  readonly bound: number;
  readonly out: number;
  readonly open: number;
}

function stoppedText({ bound, out, open }: Stopped): string {
  const blocks = bound === 0 ? 'No block was bound' : `${out} of ${count(bound, 'bound block')} went out`;
  const rest = open === 0 ? 'nothing else was begun' : `${count(open, 'begun epoch')} of a miner ${open === 1 ? 'is' : 'are'} taken up when it starts again`;
  return `${blocks}; ${rest}.`;
}

/**
 * `stopped`: by an interruption, which found so many blocks bound and not out yet; `null` where there was none. `limit`
 * is the terminal's width.
 */
export function devnetEnd(summary: DevnetSummary, stopped: Stopped | null, limit = Infinity): readonly string[] {
  const { outcomes, from, epochs, blocks, records, bytes, replay, replaySecs, headHash, chainHead } = summary;
  const turns = Object.values(outcomes).reduce((sum, of) => sum + of, 0);
  const rejected = Object.entries(blocks.rejected);
  const passed = rejected.length === 0 ? paint('green', 'every one passed full validation') : paint('red', `${sum(rejected)} more rejected`);
  const { divergence, steps } = replay;
  const beside = (title: string, text: string): readonly string[] => under(title === '' ? '' : paint('bold', title), text, INDENT, limit);
  return [
    '',
    ...(stopped === null ? [] : [...under('', `Stopped. ${stoppedText(stopped)}`, 0, limit), '']),
    ...beside('Epochs', `${epochs}${from > 1 ? ' since it went on' : ''}, ${count(turns, 'outcome')}: ${listed(outcomes)}`),
    ...beside(
      'Blocks',
      `${blocks.ours} mined${blocks.rivals === 0 ? '' : `, ${blocks.rivals} by competitors`}, with ${count(blocks.messages, 'message')}: ${passed}`,
    ),
    ...rejected.flatMap(([reason, times]) => beside('', `${times} x ${reason}`)),
    ...(blocks.reorgs + blocks.equivocations === 0 ? [] : beside('', `${count(blocks.reorgs, 'reorg')}, ${count(blocks.equivocations, 'equivocation')}`)),
    ...beside('Journal', `${count(records, 'record')}, ${megabytes(bytes)}; the last has the hash`),
    ...beside('', toHex(headHash)),
    ...beside('Chain', `head at epoch ${chainHead.epoch}, ${count(chainHead.cids.length, 'block')}`),
    ...chainHead.cids.flatMap((cid) => beside('', cid)),
    divergence === null
      ? paint('green', `replay: ${steps}/${steps} transitions identical`) + paint('dim', ` in ${replaySecs.toFixed(1)} s`)
      : paint('red', `replay: record ${divergence.seq} of ${divergence.stream} differs in its ${divergence.what}; see \`mineone replay\``),
  ];
}

/** Bound, and not out yet. */
export function isBound({ times, outcome }: EpochRow): boolean {
  return times.block !== null && outcome === null;
}

/** Said when it is told to end: what it waits for. `clock` in milliseconds; `speed` as the clock's. */
export function waitText(rows: readonly EpochRow[], now: number, speed: number | 'max'): string {
  const bound = rows.filter(isBound);
  const epochs = [...new Set(bound.map(({ epoch }) => epoch))];
  const waits = epochs.map((epoch) => {
    const blocks = bound.filter((row) => row.epoch === epoch);
    const what = blocks.length === 1 ? `block of epoch ${epoch} goes` : `${blocks.length} blocks of epoch ${epoch} go`;
    const ms = Math.max(...blocks.map(({ deadlines }) => deadlines.submit)) - now;
    return `${what} out ${ms <= 0 || speed === 'max' ? 'now' : `in ${Math.ceil(ms / 1000 / speed)} s`}`;
  });
  return `${waits.length === 0 ? 'no block is bound: it ends now' : waits.join(', ')}; Ctrl-C again quits`;
}

/** What to type next, with what there is to be told of. Lines to be pasted: none is ever broken. */
export function devnetHints(command: string, folder: string, told: { readonly miner: string; readonly epoch: number } | null): readonly string[] {
  const lines = [...(told === null ? [] : [`explain --miner ${told.miner} --epoch ${told.epoch}`]), 'luck', 'replay --crypto', 'journal verify'];
  return ['', 'What next:', ...lines.map((line) => `  ${command} ${line} --data ${pasted(folder)}`)];
}

const INDENT = 9;
const sum = (counts: readonly (readonly [string, number])[]): number => counts.reduce((all, [, times]) => all + times, 0);
const count = (times: number, what: string): string => `${times.toLocaleString('en')} ${what}${times === 1 ? '' : 's'}`;
const secs = (ms: number): string => `${ms / 1000} s`;
const megabytes = (bytes: number): string => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function listed(outcomes: Readonly<Record<string, number>>): string {
  const entries = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  return entries.map(([name, times]) => `${times} ${name}`).join(', ');
}
