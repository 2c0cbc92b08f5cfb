/** Lines of the commands that read a journal. */

import { z } from 'zod';
import { at, count, damage, deadlines, epoch, epochOutcome, fields, hash, head, miner, ms, record, seq, slow, text, unattended } from './nouns.ts';
import { asked, config, fate, headHash, info, type Lines, line, lines, luck, outcomes, seal, unverified } from './shapes.ts';

export const READING: readonly Lines[] = [
  {
    command: 'explain',
    says: 'One document. An epoch that nobody attended to has `miner`, `epoch`, `outcome`, `fate`, `fateWhy` and `text` alone.',
    lines: line('explain', {
      miner,
      epoch,
      config: config.optional(),
      deadlines: deadlines.optional(),
      startedAt: at.optional(),
      endedAt: at.optional(),
      asked: z.array(asked).optional(),
      base: head.nullable().optional(),
      info: info.nullable().optional(),
      outcome: z.union([epochOutcome, unattended]).nullable().describe('`null` if it is not over'),
      poison: z.string().nullable().optional(),
      fate,
      fateWhy: z.string().nullable().describe('why it is not on the chain; `null` if it is, or if that is not known'),
      unverified,
      text: lines,
    }),
  },
  {
    command: 'epochs',
    says: 'A line for each epoch and miner, then the end.',
    lines: {
      ...line('warning', { code: z.string(), message: text, damage: damage.describe('what of the journal is damaged') }),
      ...line('epoch', {
        miner,
        epoch,
        outcome: z.string(),
        name: z.string().describe('the outcome with its reason'),
        wins: count.nullable(),
        left: ms.nullable().describe('milliseconds between the block being ready and its epoch; below zero when it was late'),
        slow,
        fate,
        isWhole: z.boolean().optional().describe('with `--unverified`: whether all its records are there'),
      }),
      ...line('end', { epochs: count, outcomes }),
    },
  },
  {
    command: 'times',
    says: 'One document.',
    lines: line('times', {
      epochs: count,
      steps: z.array(
        fields({
          step: z.string(),
          epochs: count,
          unanswered: count,
          p50: ms.nullable(),
          p90: ms.nullable(),
          p99: ms.nullable(),
          worst: fields({ ms, miner, epoch }).nullable(),
        }),
      ),
      unverified,
    }),
  },
  {
    command: 'luck',
    says: 'One document.',
    lines: line('luck', { from: epoch.nullable(), to: epoch.nullable(), miners: z.array(luck), all: luck }),
  },
  {
    command: 'journal stat',
    says: 'One document.',
    lines: line('stat', {
      records: count,
      steps: count,
      bytes: count,
      live: count.describe('streams that are still open'),
      firstAt: at.nullable(),
      lastAt: at.nullable(),
      headHash,
      miners: z.array(
        fields({
          miner,
          from: epoch.nullable(),
          to: epoch.nullable(),
          outcomes,
          givenUp: fields({ epochs: count, from: epoch, to: epoch }).nullable().describe('epochs that retention removed'),
        }),
      ),
      unverified,
    }),
  },
  {
    command: 'journal verify',
    says: 'One document.',
    lines: line('verify', {
      records: count,
      first: seq.describe('the first record that is kept'),
      given: count.describe('rows that retention gave up and has not removed yet'),
      live: count.describe('streams that are still open'),
      blobs: count,
      shared: count,
      bound: count.describe('blocks that were bound'),
      headHash,
      warnings: z.array(fields({ code: z.string(), message: text })),
      seals: z.array(fields({ file: z.string(), seal, key: hash.nullable() })),
    }),
  },
  {
    command: 'journal tail',
    says: 'A line for each record.',
    lines: {
      ...line('warning', { code: z.string(), message: text, damage: damage.describe('what of the journal is damaged') }),
      ...line('record', record),
    },
  },
];
