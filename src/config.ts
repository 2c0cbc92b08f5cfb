/** The configuration: `mineone.toml`, then `MINEONE_*`, then flags; later wins. One schema; an unknown key is an error that suggests the nearest (docs/commands.md, «Configuration»). */

import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { MineOneError } from './chain/error.ts';
import { nearest } from './chain/option/nearest.ts';
import { durationMs } from './duration.ts';

const minerAddress = z
  .string()
  .regex(/^[ft]0\d+$/, 'expected an id address, such as f01000')
  .transform((text) => `f${text.slice(1)}`);

/** As it was written, so that what `config show` prints can be read again. */
const duration = z.string({ error: ({ input }) => noDuration(input) }).refine((text) => durationMs(text) !== null, { error: ({ input }) => noDuration(input) });

function noDuration(input: unknown): string {
  return `expected a time as text, such as "30d", "12h" or "90m", got ${JSON.stringify(input)}`;
}

const schema = z.strictObject({
  network: z.string().default('mainnet').describe('mainnet, calibnet, butterflynet, 2k, or a network file'),
  node: z.string().optional().describe('chain file, or token:address of a node'),
  miners: z.array(minerAddress).default([]),
  keys: z.array(z.string()).default([]).describe('key files'),
  observe: z.boolean().default(false),
  keep: duration.optional().describe('epochs that began longer than this before the last record are given up; all are kept if not given'),
  passphrase: z.string().optional(),
});

export type Config = z.infer<typeof schema>;

const KEYS = Object.keys(schema.shape) as readonly (keyof Config)[];
const LISTS: ReadonlySet<string> = new Set<keyof Config>(['miners', 'keys']);
const PREFIX = 'MINEONE_';
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
  const merged = { ...known(file, path), ...known(fromEnvironment(env), 'the environment', true), ...known(flags, 'the flags') };
  const read = schema.safeParse(merged);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new MineOneError('CONFIG_VALUE', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}; see \`mineone config show\``);
}

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
      return [key, key === 'observe' ? value === '1' || value === 'true' : value];
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
