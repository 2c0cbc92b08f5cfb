/** What must hold whatever happens, seen from outside: the blocks that the node was sent, and the journals. */

import { formatAddress } from '../../src/chain/address.ts';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import { epochAt } from '../../src/chain/epoch.ts';
import { tipsetKeyText } from '../../src/chain/tipset.ts';
import type { Devnet } from '../../src/devnet/devnet.ts';
import type { DevnetEvent } from '../../src/devnet/setting/event.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { ReplayReport } from '../../src/replay/replay.ts';
import type { Instance } from './instance.ts';
import { isCalm, type Scenario } from './scenario.ts';

export interface Verdict {
  /** What does not hold; empty when all is well. */
  readonly broken: readonly string[];
  /** How every epoch ended, for people. */
  readonly story: readonly string[];
  /**
   * Blocks of ours that were sent, epochs that were mined, times that a process died, that a journal was taken up
   * again, records.
   */
  readonly counts: { readonly submitted: number; readonly mined: number; readonly returns: number; readonly refused: number; readonly records: number };
}

export interface Seen {
  readonly scenario: Scenario;
  readonly devnet: Devnet;
  readonly events: readonly DevnetEvent[];
  readonly instances: readonly Instance[];
  /** What a port saw that must not be. */
  readonly noticed: readonly string[];
  readonly journals: readonly { readonly records: readonly JournalRecord[]; readonly replay: ReplayReport }[];
}

/** Epochs after the last disturbance that may still be lost to it. */
const GRACE = 2;
/** Epochs that an exclusion or a rest of rivals outlasts the epoch that it struck in. */
const OUTLAST = 2;

export function verdictOf(seen: Seen): Verdict {
  const { journals, instances, events } = seen;
  const sent = events.flatMap((event) => (event.type === 'submitted' && event.from === 'node' ? [{ cid: `${event.cid}`, header: event.block.header }] : []));
  const broken = [
    ...onlyOnce(sent),
    ...nothingLeftOut(seen, sent),
    ...journals.flatMap(({ records }, i) => [...oneOutcome(records), ...resultsOnce(records)].map((what) => `instance ${i}: ${what}`)),
    ...journals.flatMap(({ replay }, i) => (replay.divergence === null ? [] : [`instance ${i}: replay diverges: ${JSON.stringify(replay.divergence)}`])),
    ...instances.flatMap(({ faults }, i) => faults.map((fault) => `instance ${i}: ${fault}`)),
    ...seen.noticed,
    ...wonIsMined(seen),
  ];
  const mined = new Set(journals.flatMap(({ records }) => ends(records).flatMap(({ stream, word }) => (word === 'mined' ? [stream] : []))));
  const returns = instances.reduce((sum, instance) => sum + instance.returns.length, 0);
  const refused = instances.reduce((sum, instance) => sum + instance.refused(), 0);
  const story = journals.flatMap(({ records }, i) => ends(records).map(({ stream, word, detail }) => `  instance ${i}: ${stream} ${word} ${detail}`));
  return {
    broken,
    story,
    counts: { submitted: sent.length, mined: mined.size, returns, refused, records: journals.reduce((sum, { records }) => sum + records.length, 0) },
  };
}

interface Sent {
  readonly cid: string;
  readonly header: BlockHeader;
}

/** One CID for a miner's epoch, one for a miner and the parents it stands on. */
function onlyOnce(sent: readonly Sent[]): readonly string[] {
  const cids = new Map<string, Set<string>>();
  for (const { cid, header } of sent) {
    const miner = formatAddress(header.miner);
    for (const name of [`epoch ${header.height}`, `the parents ${tipsetKeyText(header.parents)}`]) {
      const key = `${miner} on ${name}`;
      cids.set(key, (cids.get(key) ?? new Set()).add(cid));
    }
  }
  return [...cids].filter(([, set]) => set.size > 1).map(([name, set]) => `two blocks sent: ${name}: ${[...set].join(', ')}`);
}

/** A block on a base at whose height we had sent one of our own has that one among its parents. */
function nothingLeftOut({ devnet }: Seen, sent: readonly Sent[]): readonly string[] {
  const own = new Map(sent.map(({ cid, header }) => [`${formatAddress(header.miner)}/${header.height}`, cid]));
  return sent.flatMap(({ cid, header }) => {
    const miner = formatAddress(header.miner);
    const ours = own.get(`${miner}/${devnet.view.tipset(header.parents).height}`);
    return ours === undefined || header.parents.some((parent) => `${parent}` === ours)
      ? []
      : [`left out: ${miner}'s ${cid} of ${header.height} is not on our own ${ours}`];
  });
}

interface End {
  readonly stream: string;
  readonly epoch: number;
  readonly word: string;
  readonly detail: string;
}

const isEpoch = (stream: string): boolean => /^f0\d+\/\d+$/.test(stream);

function ends(records: readonly JournalRecord[]): readonly End[] {
  return records
    .filter(({ stream, outcome }) => outcome !== null && isEpoch(stream))
    .map(({ stream, outcome }) => {
      const { outcome: word, ...detail } = outcome as { readonly outcome: string };
      return { stream, epoch: Number(stream.split('/')[1]), word, detail: describe(detail) };
    });
}

function describe(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' || inner instanceof Uint8Array ? '…' : inner));
}

function oneOutcome(records: readonly JournalRecord[]): readonly string[] {
  const begun = new Map<string, number>();
  for (const { stream, input } of records) if (input.type === 'start' && isEpoch(stream)) begun.set(stream, (begun.get(stream) ?? 0) + 1);
  const ended = new Map<string, string[]>();
  for (const { stream, word } of ends(records)) ended.set(stream, [...(ended.get(stream) ?? []), word]);
  const names = new Set([...begun.keys(), ...ended.keys()]);
  return [...names]
    .filter((name) => begun.get(name) !== 1 || ended.get(name)?.length !== 1)
    .map((name) => `${name} was begun ${begun.get(name) ?? 0} times and ended as ${(ended.get(name) ?? ['nothing']).join(', ')}`);
}

/** What was asked once is answered once. */
function resultsOnce(records: readonly JournalRecord[]): readonly string[] {
  const seen = new Set<string>();
  return records.flatMap(({ stream, seq, input }) => {
    if (input.type !== 'result') return [];
    const key = `${stream} ${input.key.join('/')}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [`record ${seq}: the result ${input.id} of ${key} enters a second time`];
  });
}

/** Without faults, and from two epochs after the last of them on, whoever wins mines. */
function wonIsMined(seen: Seen): readonly string[] {
  const { journals, scenario } = seen;
  const from = calmFrom(seen);
  const words = new Map<string, string[]>();
  for (const { records } of journals)
    for (const { stream, epoch, word, detail } of ends(records)) if (epoch >= from) words.set(stream, [...(words.get(stream) ?? []), `${word} ${detail}`]);
  const isExcused = (text: string): boolean => text.startsWith('lost') || (from > 1 && scenario.rivals > 0 && isLeftToRival(text));
  const missing = [...words].filter(([, list]) => !list.some((text) => text.startsWith('mined')) && !list.every(isExcused));
  const idle = Array.from({ length: scenario.epochs }, (_, i) => i + 1).filter(
    (epoch) => epoch >= from && ![...words.keys()].some((stream) => stream.endsWith(`/${epoch}`)),
  );
  return [
    ...missing.map(([stream, list]) => `${stream} was not mined, calm as it was from ${from} on: ${list.join('; ')}`),
    ...idle.map((epoch) => `epoch ${epoch} was begun by nobody`),
  ];
}

/**
 * The chain ends in a rival's block beside one of ours that lost: only others may go on from there, and they do when
 * they win.
 */
function isLeftToRival(text: string): boolean {
  return text.startsWith('refused') && text.includes('parent-grinding');
}

/**
 * First epoch that must be mined. While an epoch runs the next one is worked on: that is the last that a fault strikes.
 */
function calmFrom(seen: Seen): number {
  const { scenario, instances, devnet } = seen;
  const { faults, from, to } = scenario;
  if (isCalm(scenario)) return 1;
  const back = instances.flatMap(({ returns }) => returns).map((at) => epochAt(devnet.network, BigInt(Math.floor(at / 1000))) + 1);
  const outlasts = faults.some(({ name }) => name === 'ineligible' || name === 'null-rounds') ? OUTLAST : 0;
  return Math.max(from, to + 1 + outlasts, ...back, ...reorgs(seen), ...exclusions(seen), ...rests(seen)) + GRACE + 1;
}

/** The first block of a rival after its rest: a chain that our own slash filter keeps us from may wait for it. */
function rests({ scenario, events }: Seen): readonly number[] {
  if (!scenario.faults.some(({ name }) => name === 'null-rounds')) return [];
  const heights = events.flatMap((event) => (event.type === 'accepted' && event.from === 'rival' ? [event.header.height] : []));
  return heights.filter((height) => height > scenario.to).slice(0, 1);
}

/**
 * Epochs of a miner that was still excluded: the word that ends it is spoken in the chain's own time, and a chain that
 * stands still has none.
 */
function exclusions({ scenario, journals }: Seen): readonly number[] {
  const last = scenario.to + 2 * (OUTLAST + GRACE);
  return journals.flatMap(({ records }) => ends(records).flatMap(({ word, epoch }) => (word === 'ineligible' && epoch <= last ? [epoch] : [])));
}

/** Heights at which blocks left the chain: a rival that keeps its own to itself goes on with that after its time. */
function reorgs({ events }: Seen): readonly number[] {
  return events.flatMap((event) => {
    if (event.type !== 'head') return [];
    const there = new Set(event.applied.flatMap(({ key }) => key.map(String)));
    return event.reverted.some(({ key }) => key.some((cid) => !there.has(`${cid}`))) ? [event.head.height] : [];
  });
}
