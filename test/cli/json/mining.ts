/** Lines of the commands that mine, mine again, or judge what was mined. */

import { z } from 'zod';
import { cid, count, counts, deadlines, epoch, epochOutcome, fields, interval, miner, record, replayed, text } from './nouns.ts';
import { checks, crypto, head_, headHash, type Lines, line, lines, outcomes, row, span, told, unread, whatIf } from './shapes.ts';

export const MINING: readonly Lines[] = [
  {
    command: 'devnet',
    says: 'A line each time that something is over.',
    lines: {
      ...line('begin', {
        from: epoch,
        to: epoch.nullable().describe('`null`: until Ctrl-C'),
        network: z.unknown().describe('its rules, as a network file'),
        miners: z.array(miner),
      }),
      ...line('epoch', { ...row, outcome: epochOutcome.nullable(), messages: count.nullable(), times: span, deadlines }),
      ...told,
      ...unread,
      ...line('end', {
        from: epoch,
        epochs: count,
        outcomes,
        blocks: fields({ ours: count, rivals: count, rejected: counts, reorgs: count, equivocations: count, messages: count }),
        chainHead: head_,
        records: count,
        bytes: count,
        headHash,
        replay: fields(replayed),
        replaySecs: z.number(),
      }),
    },
  },
  {
    command: 'run',
    says: 'A line for each epoch and miner that was mined again, then the end.',
    lines: {
      ...line('epoch', {
        ...row,
        outcome: epochOutcome,
        chain: z.enum(['reproduced', 'differs', 'absent', 'missed', 'none']).describe('what the chain has there'),
        differs: z.array(z.string()),
      }),
      ...unread,
      ...line('end', {
        epochs: count,
        outcomes,
        blocks: count,
        reproduced: count,
        wonElsewhere: z.array(fields({ miner, epoch })),
        records: count,
        headHash,
      }),
    },
  },
  {
    command: 'audit',
    says: 'The audit, genesis, each block, then sums and the end.',
    lines: {
      ...line('audit', {
        network: z.string(),
        chain: fields({ first: epoch, head: epoch, tipsets: count }),
        range: fields({ from: epoch, to: epoch }),
        bls: z.string(),
        blocks: count,
        unknownHash: count,
        leftOut: count.describe('blocks of branches beside the chain at other epochs than those of the range: not judged'),
        rules: z.string().optional(),
        known: z.unknown().optional(),
        unknownUpgrades: z.unknown().optional(),
      }),
      ...line('genesis', { cid, checks }),
      ...line('block', {
        epoch,
        nullRounds: count,
        cid,
        miner,
        winCount: z.number(),
        lambda: z.number().nullable(),
        quality: z.number().nullable(),
        messages: fields({ bls: z.array(cid), secpk: z.array(cid) }).nullable(),
        checks,
        isBeside: z.literal(true).optional(),
        base: z.array(cid).optional().describe('of a block beside the chain: what it stands on'),
        isMissing: z.literal(true).optional(),
      }),
      ...line('check', { check: z.string(), ok: count, okInstead: count, wrong: count, notCheckable: count, reasons: counts }),
      ...line('miner', {
        miner,
        blocks: count,
        wins: count,
        expected: z.number().nullable(),
        interval: interval.nullable(),
        ofExpected: z.number().nullable(),
      }),
      ...line('fault', { fault: z.string(), miner, epoch, blocks: z.array(cid), isSigned: z.boolean(), isInHead: z.literal(true).optional() }),
      ...line('end', {
        blocks: count,
        tipsets: count,
        nullRounds: count,
        wrongBlocks: count,
        missingBlocks: count,
        beyondBlocks: count,
        messages: fields({ bls: count, secpk: count, uniqueBls: count, uniqueSecpk: count, aggregates: count }),
        unreached: fields({ headers: count, isCut: z.boolean() }).describe('headers of the source that were not looked at'),
        conclusion: text,
        unasked: z.array(z.string()),
      }),
    },
  },
  {
    command: 'replay',
    says: 'One document; with `--step` a `record` for each on the way, with `--what-if` a `what-if` instead.',
    lines: {
      ...line('replay', { ...replayed, engine: z.enum(['mineone', 'xstate']), secs: z.number(), crypto: crypto.optional().describe('with `--crypto`') }),
      ...line('record', record),
      ...line('what-if', { ...whatIf, text: lines }),
    },
  },
];
