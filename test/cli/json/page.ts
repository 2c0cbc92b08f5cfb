/** docs/json.md, made of the schemas: each field of each line, its form, and what it is. */

import { z } from 'zod';
import { COMMANDS, SAID } from './commands.ts';

const HEAD = `# JSON

With \`--json\`, each line on standard output and on standard error is one JSON object with a \`type\`. This page is a contract: a test compares every line of every command with it. A field that is not on this page is a mistake in MineOne.

- Epochs, counts and times are numbers. Amounts, and other integers that may be above 2^53, are decimal text.
- A CID is its text. Other bytes are hexadecimal.
- \`headHash\` is always the SHA-256 of the journal's last record.
- A nested field has a path as its name; \`[]\` stands for each item of a list.

docs/commands.md lists the exit codes. \`--json\` may stand anywhere on the line: \`mineone --json luck\` is the same as \`mineone luck --json\`. \`--help\`, \`help\` and \`complete\` print text, with \`--json\` too.
`;

interface Row {
  readonly path: string;
  readonly form: string;
  readonly what: string;
}

/** Of a schema, deepest forms by their path. */
function rowsOf(schema: z.core.JSONSchema.BaseSchema, path: string, isNeeded: boolean): readonly Row[] {
  const shapes = schema.anyOf ?? schema.oneOf;
  const isNull = shapes?.some((shape) => shape.type === 'null') ?? false;
  const own = shapes?.filter((shape) => shape.type !== 'null');
  if (own !== undefined && own.length === 1)
    return rowsOf({ ...own[0], ...(schema.description === undefined ? {} : { description: schema.description }) }, path, isNeeded).map((row, i) =>
      i === 0 && isNull ? { ...row, form: `${row.form} or null` } : row,
    );
  const first = { path, form: `${formOf(schema, own)}${isNeeded ? '' : ', not always there'}`, what: schema.description ?? '' };
  const inner = own?.flatMap((shape) => fieldsIn(shape, path)) ?? fieldsIn(schema, path);
  return [first, ...unique(inner)];
}

function fieldsIn(schema: z.core.JSONSchema.BaseSchema, path: string): readonly Row[] {
  const items = schema.items;
  if (typeof items === 'object' && !Array.isArray(items)) return rowsOf(items as z.core.JSONSchema.BaseSchema, `${path}[]`, true).slice(1);
  const extra = schema.additionalProperties;
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' ? rowsOf(field, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) ?? false) : [],
  );
  return typeof extra === 'object' && Object.keys(extra).length > 0 ? [...named, ...rowsOf(extra, `${path}.*`, true).slice(1)] : named;
}

function formOf(schema: z.core.JSONSchema.BaseSchema, shapes: readonly z.core.JSONSchema.BaseSchema[] | undefined): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (shapes !== undefined) return [...new Set(shapes.map((shape) => formOf(shape, undefined)))].join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => formOf({ type }, undefined)).join(' or ');
  if (schema.type === 'array') return listForm(schema.items);
  if (schema.type === 'string') return 'text';
  if (schema.type === 'integer') return 'whole number';
  return typeof schema.type === 'string' ? schema.type : 'any';
}

function listForm(items: z.core.JSONSchema.BaseSchema['items']): string {
  return typeof items === 'object' && !Array.isArray(items) && typeof items.type === 'string' ? `list of ${formOf(items, undefined)}` : 'list';
}

/** Of several shapes: a field that more than one of them has takes what any of them takes. */
function unique(rows: readonly Row[]): readonly Row[] {
  const byPath = new Map<string, Row>();
  for (const row of rows) {
    const known = byPath.get(row.path);
    const forms = new Set([...(known?.form.split(', ') ?? []), ...row.form.split(', ')]);
    byPath.set(row.path, { ...row, form: [...forms].join(', ') });
  }
  return [...byPath.values()];
}

function table(schema: z.ZodObject): readonly string[] {
  const rows = fieldsIn(z.toJSONSchema(schema) as z.core.JSONSchema.BaseSchema, '');
  return ['| field | form | |', '|---|---|---|', ...rows.map(({ path, form, what }) => `| \`${path}\` | ${form} | ${what.replaceAll('|', '\\|')} |`)];
}

/** The whole page. */
export function page(): string {
  const sections = COMMANDS.flatMap(({ command, says, lines }) => [
    `## mineone ${command}`,
    '',
    says,
    ...Object.entries(lines).flatMap(([type, schema]) => ['', `### ${command}: ${type}`, '', ...table(schema)]),
    '',
  ]);
  const said = Object.entries(SAID).flatMap(([type, schema]) => [`### standard error: ${type}`, '', ...table(schema), '']);
  return `${[HEAD, ...sections, '## Standard error', '', 'Of any command.', '', ...said].join('\n').trimEnd()}\n`;
}
