/** Shapes that the lines of one command are made of, or of a few. */

import { z } from 'zod';
import {
  address,
  at,
  beaconEntry,
  big,
  cid,
  count,
  counts,
  damage,
  epoch,
  failure,
  fields,
  hash,
  interval,
  miner,
  ms,
  seq,
  stream,
  text,
  winsOf,
} from './nouns.ts';

export interface Lines {
  /** As it is typed. */
  readonly command: string;
  readonly says: string;
  /** By type; each line has one of them. */
  readonly lines: { readonly [type: string]: z.ZodObject };
}

export const line = (type: string, shape: z.ZodRawShape): { readonly [type: string]: z.ZodObject } => ({ [type]: fields({ type: z.literal(type), ...shape }) });
export const unread = line('unread', { lines: count.describe('lines that were left out, as nobody read them') });
export const told = line('warning', { code: z.string(), message: text });
export const lines = z.array(z.string()).describe('the same for people, line by line');
export const outcomes = counts.describe('how often each outcome, by its name');
export const headHash = hash.describe("SHA-256 of the journal's last record");
export const unverified = damage.optional().describe('with `--unverified`: what of the journal is damaged');
export const fate = z
  .string()
  .nullable()
  .describe('what became of its block: `included`, `orphaned (base-differs)`, `on the chain so far`; `null` where there is none, or nobody looked yet');

export const config = fields({
  network: z.string(),
  genesisTimestamp: big.describe('seconds since 1970'),
  blockDelaySecs: z.number(),
  propagationDelaySecs: z.number(),
  equivocationDelaySecs: z.number(),
  smokeHeight: epoch,
  giveUpSecs: z.number().optional(),
  observe: z.boolean(),
});
export const asked = fields({
  name: z.string().describe('what was asked of the world'),
  step: z.string().nullable().describe('the step that asked'),
  askedAt: at,
  answeredAt: at.nullable(),
  givenUpAt: at.nullable(),
  failure: failure.nullable(),
});
export const info = fields({
  power: big.describe('bytes, quality-adjusted'),
  networkPower: big.describe('bytes, quality-adjusted'),
  sectors: z.array(fields({ number: big, sealProof: z.number(), sealedCid: cid })),
  workerKey: address,
  sectorSize: big.describe('bytes'),
  beacon: fields({ previous: beaconEntry, entries: z.array(beaconEntry) }),
  eligible: z.boolean(),
  reason: z.string().nullable(),
});

export const row = {
  epoch,
  miner,
  wins: count.nullable().describe('`null` where no election was held'),
  quality: z.number().nullable().describe('of the ticket, 0 to 1'),
};
export const span = fields({ base: ms.nullable(), elect: ms.nullable(), prove: ms.nullable(), block: ms.nullable(), left: ms.nullable() });
export const head_ = fields({ epoch, cids: z.array(cid) });
const cause = {
  outcome: z.string().describe('as `epochs --outcome` takes it: docs/commands.md, «Outcomes»'),
  reason: z.string().nullable().describe('of that outcome, by the same table; `null` where it has none'),
  slow: z.string().nullable().describe('the step that used the time up, where it is another than the reason'),
  name: text.describe('the three in words, for people'),
};
export const luck = fields({
  miner: z.string().describe('id address, or `all`'),
  epochs: count,
  elections: count,
  withoutElection: z.array(fields({ ...cause, epochs: count })).describe('epochs that came to no election, by why'),
  expected: z.number().describe('wins that chance gives on average'),
  wins: count,
  interval,
  luck: z.number().nullable().describe('wins by expected wins'),
  kept: winsOf,
  fateUnknown: winsOf.describe('mined, and when it was final no node told whether the block stands on the chain'),
  lost: z.array(fields({ ...cause, epochs: count, wins: count })).describe('won and not kept, by what became of it'),
  observed: winsOf,
  observedOnChain: winsOf,
  unattended: counts,
  unattendedExpected: z.number().nullable(),
  open: winsOf,
});
export const verdict = fields({
  verdict: z.enum(['ok', 'wrong', 'not-checkable']),
  instead: z.string().optional(),
  claimed: z.string().optional(),
  note: z.string().optional(),
  expected: z.string().optional(),
  found: z.string().optional(),
  missing: z.string().optional(),
});
export const checks = z.array(fields({ check: z.string(), verdict, beyond: z.string().optional() }));
export const whatIf = {
  departure: fields({ seq, what: z.string(), recorded: z.string(), recomputed: z.string() }).nullable(),
  end: z.enum(['outcome', 'unknown', 'open', 'error']),
  outcome: z.unknown().optional().describe('an outcome, as in `explain`'),
  at: at.optional(),
  needs: z.array(z.string()).optional().describe('what nobody recorded'),
  message: text.optional(),
};
export const crypto = fields({
  vrfs: count,
  beaconEntries: count,
  blocks: count,
  uncheckedBeaconEntries: count,
  uncheckedSignatures: count,
  fault: fields({ seq, stream, what: z.string() }).nullable(),
  network: z.string().nullable(),
});
export const seal = fields({
  v: z.literal(1),
  seq,
  hash,
  at: z.string().describe('ISO 8601'),
  network: z.unknown().describe('name and genesis of the network; `null` where the journal does not say'),
  signed: z.unknown().describe('signature and key; `null` where it is not signed'),
});
