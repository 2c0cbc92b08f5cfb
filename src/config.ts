/**
 * The configuration: `mineone.toml`, then `MINEONE_*`, then flags; later wins. One schema; an unknown key is an error
 * that suggests the nearest (docs/commands.md, «Configuration»).
 */

import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { durationMs } from './duration.ts';
import { MineOneError } from './errors/mineone-error.ts';
import { nearest } from './errors/nearest.ts';

/** Text that is there; an empty one is told like a wrong type. */
const text = z.string().regex(/\S/);
const minerAddress = z
  .string()
  .regex(/^[ft]0\d+$/)
  .transform((address) => `f${address.slice(1)}`);
/** As it was written, so that what `config show` prints can be read again. */
const duration = z.string().refine((written) => durationMs(written) !== null);

const schema = z.strictObject({
  network: text.default('mainnet'),
  node: text.optional(),
  miners: z.array(minerAddress).default([]),
  keys: z.array(text).default([]),
  observe: z.boolean().default(false),
  /** Epochs that began longer than this before the last record are given up; all are kept if not given. */
  keep: duration.optional(),
  passphrase: z.string().optional(),
});

/** What each key takes, and how that is written in the file: for the error over anything else. */
const EXPECTED: Readonly<Record<keyof Config, readonly [what: string, example: string]>> = {
  network: ['mainnet, calibnet, butterflynet, 2k, or the path of a network file, as text', '"calibnet"'],
  node: ['the path of a chain file, as text', '"chain.car"'],
  miners: ['a list of id addresses', '["f01000"]'],
  keys: ['a list of paths of key files', '["worker.key"]'],
  observe: ['true or false', 'true'],
  keep: ['a time as text, such as "30d", "12h" or "90m"', '"30d"'],
  passphrase: ['a text', '"…"'],
};

export type Config = z.infer<typeof schema>;

const KEYS = Object.keys(schema.shape) as readonly (keyof Config)[];
const LISTS: ReadonlySet<string> = new Set<keyof Config>(['miners', 'keys']);
const PREFIX = 'MINEONE_';
/** How a variable says yes and no. */
const SWITCH: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };
/** Variables that are no keys of the configuration; the last of them are the tests'. */
const OTHER = new Set(['DATA', 'CONFIG', 'DEBUG', 'REQUIRE_NATIVE', 'BLS', 'FUZZ', 'SEED', 'SEEDS']);

export interface ConfigSources {
  /** Text of the file; `null` when there is none. */
  readonly toml: string | null;
  /** Named in errors. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** Throws `CONFIG_SYNTAX`, `CONFIG_KEY`, `CONFIG_VALUE`, each naming where it stands. */
export function readConfig({ toml, path, env, flags = {} }: ConfigSources): Config {
  const file = toml === null ? {} : tomlOf(toml, path);
  const layers = [
    { values: known(file, path), name: (key: Key) => `${path}: ${key}`, written: (key: Key) => `${key} = ${EXPECTED[key][1]}` },
    { values: known(fromEnvironment(env), 'the environment', true), name: variableOf, written: (key: Key) => `${variableOf(key)}=${inVariable(key)}` },
    { values: known(flags, 'the flags'), name: (key: Key) => `the flag of ${key}`, written: (key: Key) => EXPECTED[key][1] },
  ];
  const read = schema.safeParse(Object.assign({}, ...layers.map(({ values }) => values)));
  if (read.success) return read.data;
  const key = read.error.issues[0]?.path[0] as Key;
  const layer = layers.findLast(({ values }) => Object.hasOwn(values, key));
  throw new MineOneError(
    'CONFIG_VALUE',
    `${layer?.name(key)}: expected ${EXPECTED[key][0]}, got ${key === 'passphrase' ? 'something else' : shown(layer?.values[key])}; write for example ${layer?.written(key)}`,
  );
}

type Key = keyof Config;

const variableOf = (key: Key): string => `${PREFIX}${key.toUpperCase()}`;

/** A list has commas between, and nothing has quotes. */
const inVariable = (key: Key): string => EXPECTED[key][1].replace(/[[\]"]/g, '');

/** A value as somebody who wrote the file would know it again. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_MAX));
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? 'a table' : String(value);
}

const SHOWN_MAX = 120;

/** The configuration with what is secret hidden: a node's token, the passphrase. */
export function maskedConfig(config: Config): Config {
  const { node, passphrase } = config;
  return {
    ...config,
    ...(node === undefined ? {} : { node: node.replace(/^[^:/]{16,}(?=:)/, '***') }),
    ...(passphrase === undefined ? {} : { passphrase: '***' }),
  };
}

function tomlOf(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new MineOneError('CONFIG_SYNTAX', `${path}, line ${error.line}: ${error.message.split('\n')[0]}`, { cause: error });
  }
}

function fromEnvironment(env: ConfigSources['env']): Readonly<Record<string, unknown>> {
  const entries = Object.entries(env).filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined && !OTHER.has(name.slice(PREFIX.length)));
  return Object.fromEntries(
    entries.map(([name, value = '']) => {
      const key = name.slice(PREFIX.length).toLowerCase();
      if (LISTS.has(key)) return [key, value.split(',').filter((part) => part !== '')];
      return [key, key === 'observe' ? (SWITCH[value] ?? value) : value];
    }),
  );
}

function known(values: Readonly<Record<string, unknown>>, where: string, isEnvironment = false): Readonly<Record<string, unknown>> {
  for (const key of Object.keys(values)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const said = (name: string): string => (isEnvironment ? `${PREFIX}${name.toUpperCase()}` : name);
    throw new MineOneError('CONFIG_KEY', `${where}: there is no ${said(key)}; did you mean ${said(nearest(key, KEYS))}?`);
  }
  return values;
}
