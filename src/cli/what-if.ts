/**
 * `mineone replay --what-if`: one epoch run once more with another parameter, and told in words (docs/commands.md,
 * «Command line»).
 */

import { CommanderError } from 'commander';
import type { JournalRecord } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import { loadMachines } from '../miner.ts';
import { NETWORK, streamName } from '../mining/stream.ts';
import { whatIfLines } from '../projections/what-if-text.ts';
import { whatIf } from '../replay/what-if.ts';
import type { EpochSource } from './journal/epoch-source.ts';
import { EXIT_USAGE } from './terminal/failure.ts';
import { toJson } from './terminal/json.ts';
import { say } from './terminal/say.ts';

interface AskOptions {
  readonly epoch?: number;
  readonly miner?: string;
  readonly engine: NonNullable<Parameters<typeof loadMachines>[0]>;
  readonly json?: true;
}

/** Epochs before and after whose heads are looked at too. */
const NEIGHBOURS = 3;

export async function askWhatIf(source: EpochSource, asked: readonly string[], { epoch, miner, engine, json }: AskOptions): Promise<void> {
  if (epoch === undefined || miner === undefined)
    throw new CommanderError(EXIT_USAGE, 'mineone.what-if', '--what-if asks about one epoch of one miner: give --epoch and --miner');
  const own = streamName(miner, epoch);
  const near = Array.from({ length: 2 * NEIGHBOURS + 1 }, (_, i) => streamName(miner, epoch - NEIGHBOURS + i)).filter((stream) => stream !== own);
  const given = { machines: loadMachines(engine), shared: source.shared };
  const answer = await whatIf(source.stream(own), given, { start: changeOf(asked) }, await recordsOf(source, [NETWORK, ...near]));
  const { records, ...told } = answer;
  const needs = answer.end === 'unknown' ? answer.needs : [];
  const text = whatIfLines({ recorded: await recordsOf(source, [own]), records, needs, error: answer.end === 'error' ? answer.message : null });
  const facts = { ...told, ...(answer.end === 'unknown' ? { needs: needs.map(({ name }) => name) } : {}), text };
  if (json) process.stdout.write(`${toJson({ type: 'what-if', ...facts })}\n`);
  else say(text);
}

async function recordsOf(source: EpochSource, streams: readonly string[]): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const stream of streams) for await (const { record } of source.stream(stream)) records.push(record);
  return records;
}

type Fields = { readonly [key: string]: Value };

/** Of the epoch's config; of the type that stands there. */
function changeOf(asked: readonly string[]): (input: Value) => Value {
  return (input) => {
    const { config, ...rest } = input as Fields & { readonly config: Fields };
    const changed = Object.fromEntries(asked.map((text) => pairOf(text, config)));
    return { ...rest, config: { ...config, ...changed } };
  };
}

/** Parameters that count something whole; all other numbers are seconds, with a fraction where one is asked for. */
const WHOLE: ReadonlySet<string> = new Set(['blockDelaySecs', 'smokeHeight']);
/** What a config leaves out where it is as always. */
const OPTIONAL: Fields = { giveUpSecs: 0 };

function pairOf(text: string, config: Fields): readonly [string, Value] {
  const [key = '', value = ''] = text.split('=');
  const held = config[key] ?? OPTIONAL[key];
  const usage = (what: string): CommanderError => new CommanderError(EXIT_USAGE, 'mineone.what-if', `--what-if ${text}: ${what}`);
  const known = Object.entries({ ...config, ...OPTIONAL }).flatMap(([name, of]) => (typeof of === 'string' ? [] : [name]));
  if (held === undefined || typeof held === 'string') throw usage(`no parameter of an epoch; there are ${known.join(', ')}`);
  if (typeof held === 'boolean') {
    if (/^(true|false)$/.test(value)) return [key, value === 'true'];
    throw usage('expected true or false');
  }
  if (typeof held === 'bigint' || WHOLE.has(key)) {
    if (!/^\d+$/.test(value) || (key === 'blockDelaySecs' && Number(value) === 0)) throw usage('expected a whole number, not below zero');
    return [key, typeof held === 'bigint' ? BigInt(value) : Number(value)];
  }
  if (!/^\d+(\.\d+)?$/.test(value)) throw usage('expected a number, such as 8 or 0.625, not below zero');
  return [key, Number(value)];
}
