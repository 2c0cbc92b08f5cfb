/**
 * Epochs that nobody attended to: found between those that the journal began, each with its reason, whatever order they
 * were begun in.
 */

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Checkpoint, Input, JournalRecord } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { unattendedLines } from '../../src/projections/absence-text.ts';
import { luckFold } from '../../src/projections/luck.ts';
import { attendance } from '../../src/projections/unattended.ts';
import { config } from '../machines/round.ts';
import { epochRecords, recordOf } from './fixtures/made-records.ts';

const miner = 'f01000';
/** Milliseconds at which an epoch is due to be begun: as the one before it begins. */
const due = (epoch: number): number => (Number(config.genesisTimestamp) + config.blockDelaySecs * (epoch - 1)) * 1000;
const at = (when: number, stream: string, input: Input): JournalRecord => ({ ...recordOf(stream, input), at: when });
const begun = (epoch: number, who = miner, when = due(epoch)): JournalRecord =>
  at(when, `${who}/${epoch}`, { type: 'start', machine: 'epoch', input: { miner: who, epoch, config } as unknown as Value });
const opened = (when: number): JournalRecord => at(when, 'code', { type: 'opened', machines: new Uint8Array(32), versions: null });
const said = (when: number, command: 'add' | 'remove' | 'start' | 'stop', who = miner): JournalRecord => at(when, who, { type: 'miner', command });
const epochs = (from: number, to: number, who = miner): readonly JournalRecord[] => Array.from({ length: to - from + 1 }, (_, i) => begun(from + i, who));
const gapsOf = (records: readonly JournalRecord[], who = miner) => {
  const attended = attendance();
  records.forEach(attended.add);
  return attended.gaps(who).map(({ why, from, to }) => [why, from, to]);
};

describe('gaps', () => {
  it('none where every epoch was begun', () => {
    expect(gapsOf([opened(due(5)), said(due(5), 'add'), ...epochs(5, 40)])).toEqual([]);
  });

  it('the process slept for 19 epochs', () => {
    expect(gapsOf([...epochs(1, 100), ...epochs(120, 125)])).toEqual([['asleep', 101, 119]]);
  });

  it('no process was there until one began', () => {
    expect(gapsOf([...epochs(1, 100), opened(due(120)), ...epochs(120, 125)])).toEqual([['not-running', 101, 119]]);
  });

  it('an operator had stopped it, and the journal went on', () => {
    const stopped = [...epochs(1, 10), said(due(10) + 1, 'stop')];
    expect(gapsOf([...stopped, ...epochs(11, 30, 'f01001'), said(due(30) + 5, 'start'), begun(31)])).toEqual([['stopped', 11, 30]]);
    expect(gapsOf([...stopped, at(due(20), 'network', { type: 'seen', what: 'head', value: null })])).toEqual([['stopped', 11, 20]]);
  });

  it('stopped first, and then nobody was there', () => {
    const records = [...epochs(1, 10), said(due(10) + 1, 'stop'), said(due(15) + 1, 'start'), opened(due(20)), begun(20)];
    expect(gapsOf(records)).toEqual([
      ['stopped', 11, 15],
      ['not-running', 16, 19],
    ]);
  });

  it('fenced until an operator starts it: adding it again is no such word', () => {
    const poison = at(due(10) + 1, miner, { type: 'poison', message: 'a step failed', input: null });
    expect(gapsOf([...epochs(1, 10), poison, said(due(12), 'add'), said(due(14) + 1, 'start'), begun(15), begun(16)])).toEqual([['fenced', 11, 14]]);
    expect(gapsOf([...epochs(1, 10), poison, ...epochs(11, 13, 'f01001')])).toEqual([['fenced', 11, 13]]);
  });

  it('one that was removed is nobody to attend to', () => {
    expect(gapsOf([...epochs(1, 10), said(due(10) + 1, 'remove'), ...epochs(11, 30, 'f01001')])).toEqual([]);
  });

  it('a miner beside others that go on', () => {
    expect(gapsOf([...epochs(1, 3), ...epochs(1, 9, 'f01001')])).toEqual([['asleep', 4, 9]]);
    expect(gapsOf([...epochs(1, 3), ...epochs(1, 9, 'f01001')], 'f01001')).toEqual([]);
  });

  it('behind what was given up: from the last epoch that was begun there', () => {
    const checkpoint: Checkpoint = {
      first: 9,
      prev: new Uint8Array(32),
      slash: 0n,
      streams: [{ stream: miner, seq: 8, hash: new Uint8Array(32), state: { running: false, fenced: null } }],
      begun: {
        [miner]: [
          [7, 20],
          [30, 95],
          [300, 301],
        ],
      },
    };
    const attended = attendance();
    for (const record of [...epochs(100, 110), at(due(110), 'checkpoint', { type: 'checkpoint', checkpoint })]) attended.add(record);
    expect(attended.gaps(miner)).toEqual([{ outcome: 'unattended', why: 'stopped', from: 96, to: 99 }]);
    // Nobody knows any more; and what a clock that was ahead began leaves no gap.
    for (const epoch of [3, 25, 50, 200, 300]) expect(attended.at(miner, epoch)).toBeNull();
  });

  it('one epoch: also before the first that was begun, and none that is to come', () => {
    const attended = attendance();
    for (const record of [...epochs(5, 9), begun(12)]) attended.add(record);
    expect(attended.at(miner, 2)).toMatchObject({ why: 'not-started', from: 0, to: 4 });
    expect(attended.at(miner, 11)).toMatchObject({ why: 'asleep', from: 10, to: 11 });
    expect([attended.at(miner, 12), attended.at(miner, 13), attended.at('f077', 5)]).toEqual([null, null, null]);
  });

  test.prop([fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 })])(
    'in any order: with those begun they are all epochs from the first to the last',
    (order) => {
      const covered = new Set(order);
      for (const [, from, to] of gapsOf(order.map((epoch) => begun(epoch))))
        for (let epoch = from as number; epoch <= (to as number); epoch++) covered.add(epoch);
      const [first, last] = [Math.min(...order), Math.max(...order)];
      expect([...covered].sort((a, b) => a - b)).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
      const gaps = gapsOf(order.map((epoch) => begun(epoch))).flatMap(([, from, to]) =>
        Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
      );
      expect(gaps.some((epoch) => order.includes(epoch))).toBe(false);
    },
  );
});

describe('what is told of them', () => {
  it('a story', () => {
    expect(unattendedLines(miner, 105, { outcome: 'unattended', why: 'asleep', from: 101, to: 119 }).join('\n')).toMatchInlineSnapshot(`
      "f01000, epoch 105: unattended (asleep).
      Epochs 101 to 119 (19 epochs) were not begun. mineone was running and did not hear of them: the machine slept, the process stood still, or the clock jumped. What would have been won there nobody drew.
      What to do: keep the machine awake, and see that its clock is right."
    `);
  });

  it('luck counts them, and what was to expect there', () => {
    const sure = { power: 1n, networkPower: 1n, vrfProof: Uint8Array.of(0) };
    const fold = luckFold();
    for (const epoch of [1, 2, 22, 23])
      for (const record of epochRecords({ miner, epoch, election: sure, outcome: { outcome: 'observed', winCount: 11 } }))
        fold.add({ ...record, at: due(epoch) });
    expect(fold.report().all).toMatchObject({ epochs: 4, unattended: { asleep: 19 }, unattendedExpected: 95 });
    expect(luckFold({ from: 20 }).report().all).toMatchObject({ unattended: {}, unattendedExpected: null });
  });
});
