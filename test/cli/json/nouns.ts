/**
 * What several lines of `--json` are made of (docs/json.md): each field with its form; a field that is not here is one
 * too many.
 */

import { z } from 'zod';

export const epoch = z.number().int().describe('number of an epoch');
export const count = z.number().int().nonnegative().describe('how many');
export const seq = z.number().int().nonnegative().describe('number of a record in the journal, from 0 on');
export const ms = z.number().describe('milliseconds');
export const at = z.number().describe('milliseconds since 1970, by the clock of the chain');
export const text = z.string().describe('words for people');
export const miner = z
  .string()
  .regex(/^[ft]0\d+$/)
  .describe('id address of a miner');
export const address = z
  .string()
  .regex(/^[ft][0-4]\w+$/)
  .describe('an address');
export const cid = z
  .string()
  .regex(/^ba[a-z2-7]{30,}$/)
  .describe('a CID, as its text');
export const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256, in hexadecimal');
export const hex = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .describe('bytes, in hexadecimal');
export const big = z
  .string()
  .regex(/^-?\d+$/)
  .describe('a big integer, as decimal text');
export const stream = z.string().describe('name of a stream of records: `f01000/5`, `f01000/5/fate`, `network`');
/** Of the journal's own making, or a port's: plain data whose fields a machine decides. */
export const value = z
  .unknown()
  .describe('plain data of the machines (docs/machines.md): big integers as decimal text, bytes in hexadecimal, CIDs as their text');

/** An object with these fields, and no others. */
export const fields = z.strictObject;

export const failure = fields({
  code: z.string().describe('does not change between versions'),
  message: text,
  retryable: z.boolean().describe('whether MineOne may make the same call again'),
  at,
});

const wins = z.number().int().describe('wins of the election');
export const head = fields({
  height: epoch,
  timestamp: z.number().int().describe('seconds since 1970'),
  parents: z.array(cid),
  blocks: z.array(fields({ cid, ticket: hex })),
  since: at.optional().describe('when MineOne first saw that it was the head: milliseconds since 1970'),
});
export const beaconEntry = fields({ round: big, data: hex });

const blob = fields({ $blob: hash.describe('SHA-256 of bytes that are kept beside the record'), $length: count.describe('of the bytes') });
const template = fields({
  miner,
  epoch,
  base: head,
  timestamp: big,
  ticket: hex,
  winCount: wins,
  electionProof: hex,
  beaconEntries: z.array(beaconEntry),
  proofs: z.array(fields({ postProof: z.number().int().describe('type of the proof'), proofBytes: hex })),
  messages: z.union([hex, blob]).describe('list of signed messages as CBOR, in hexadecimal, or the name of its bytes'),
  workerKey: address,
});

const outcome = <T extends string>(name: T, more: z.ZodRawShape = {}) => fields({ outcome: z.literal(name), ...more });
const reason = z.string().describe('by the table of outcomes in docs/commands.md');
export const epochOutcome = z.discriminatedUnion('outcome', [
  outcome('mined', { cid, winCount: wins, sentAt: at.optional().describe('when a node accepted the block, if one said so: milliseconds since 1970') }),
  outcome('observed', { winCount: wins, template: template.optional().describe('the block that MineOne would have asked the node to make') }),
  outcome('lost', {
    lambda: big.describe('expected wins an epoch, in Q.256'),
    digest: big.describe('the draw, in Q.256'),
    missedBy: big.describe('how far the draw was above the highest draw that wins, in Q.256'),
  }),
  outcome('ineligible', { reason }),
  outcome('late', { stage: reason }),
  outcome('refused', { why: reason, detail: text }),
  outcome('rejected', { failure }),
  outcome('failed', { stage: reason, failure }),
  outcome('abandoned', { why: reason }),
  outcome('stopped'),
]);

export const unattended = fields({ outcome: z.literal('unattended'), why: reason, from: epoch, to: epoch });
export const deadlines = fields({
  base: at.describe('when MineOne takes the head: milliseconds since 1970'),
  cutoff: at.describe('when MineOne asks for the head once more'),
  submit: at.describe('when the epoch begins and the block goes out'),
  giveUp: at.describe('when a block comes too late'),
  lastCall: at.describe("when the next epoch's blocks are there"),
});
export const slow = fields({ step: z.string().describe('the step that used the time up'), ms, ofMs: ms.describe('milliseconds that it had') }).nullable();
export const winsOf = fields({ epochs: count, wins: count });
export const counts = z.record(z.string(), count).describe('how often, by name');
export const interval = fields({ low: count, high: count }).describe('wins that 95 of 100 such stretches have');

export const divergence = fields({
  seq,
  stream,
  what: z.string().describe('what differs'),
  recorded: z.string(),
  recomputed: z.string(),
}).nullable();
export const replayed = {
  records: count,
  steps: count.describe('transitions'),
  divergence: divergence.describe('the first that differs; `null` where none does'),
  unchecked: count.optional().describe('records that could not be compared with anything, because the earlier records of their streams were removed'),
};

const step = fields({
  actor: z.string().describe("path below the stream; empty for the stream's own"),
  from: z.string().nullable().describe('state before; `null` before the first'),
  to: z.string().describe('state after'),
  effects: z.array(fields({ n: count, name: z.string(), input: value })),
  digest: hex.describe('of the state after it: 8 bytes'),
});
const inputOf = <T extends string>(type: T, more: z.ZodRawShape) => fields({ type: z.literal(type), ...more });
const wentOn = fields({ stream, seq: seq.describe('its last record before the checkpoint'), hash, state: value });
const checkpoint = fields({
  first: seq.describe('the first record that is kept'),
  prev: hash.describe('SHA-256 of the record before it'),
  slash: big.describe('sum over the rows of the slash filter, which prevents double signing'),
  streams: z.array(wentOn).describe('streams that were still open'),
  begun: value,
});
/** What came from outside, by its kind (src/journal/format/input.ts). */
const input = z.discriminatedUnion('type', [
  inputOf('opened', {
    machines: hex.describe('`opened`: hash of the code that runs'),
    versions: value,
    network: fields({ name: z.string(), genesisTimestamp: big.describe('seconds since 1970') })
      .optional()
      .describe('`opened`: whose journal it is'),
  }),
  inputOf('miner', { command: z.enum(['add', 'remove', 'start', 'stop']).describe('`miner`: what an operator said') }),
  inputOf('start', { machine: z.string().describe('`start`: the machine that begins: `epoch`, `fate`'), input: value }),
  inputOf('result', {
    actor: z.string().describe('`result`: who asked for the effect, below the stream'),
    id: z.string().describe('`result`: name of the effect'),
    key: z.tuple([seq, count]).describe('`result`: the record that asked for it, and its number in there'),
    ok: z.boolean().describe('`result`: whether it succeeded'),
    value,
  }),
  inputOf('seen', { what: z.enum(['head', 'beacon', 'block', 'clock']).describe('`seen`: what was seen'), value }),
  inputOf('poison', { message: text, input: value }),
  inputOf('abandoned', { why: z.enum(['upgraded', 'upgrade-unknown', 'poisoned', 'stopped']).describe('`abandoned`: why its stream was ended') }),
  inputOf('checkpoint', { checkpoint: checkpoint.describe('`checkpoint`: what stands for the records before it') }),
]);
export const record = {
  v: z.literal(1).describe('version of the form'),
  seq,
  prev: hash.describe('SHA-256 of the record before it in the journal'),
  back: hash.nullable().describe('SHA-256 of the record before it in its stream; `null` for its first'),
  at,
  stream,
  input: input.describe('what came from outside; which of its fields are there depends on its `type`'),
  steps: z.array(step),
  binds: z.array(fields({ n: count, verdict: value })),
  outcome: value.describe("what the stream's own actor ended with; `null` while it goes on"),
};

export const damage = fields({
  files: z.array(z.string()).describe("what of the database's files is lost, in words"),
  missing: z.array(z.tuple([seq, seq])).describe('records that are not there: first and last of each stretch'),
  unreadable: z.array(seq).describe('records that are there and cannot be read'),
  partial: z.array(seq).describe('records with `null` in the place of a lost value'),
  changed: z.array(seq).describe('records that do not name the one before them'),
  streams: z.array(stream).describe('streams that lack a record or a value, or have one that was changed'),
});
