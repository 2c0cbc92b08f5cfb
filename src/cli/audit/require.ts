/**
 * `--require RULE…|all` of an audit: rules that must be asked of every block, or the exit code says that they were not.
 */

import { InvalidArgumentError, Option } from 'commander';
import { BLOCK_CHECKS } from '../../consensus/validation/block-validation.ts';
import { nearest } from '../../errors/nearest.ts';
import { offering } from '../options/offered.ts';

const RULES = BLOCK_CHECKS.map(({ name }) => name);
const ALL = 'all';

export function requireOption(): Option {
  const option = new Option('--require <RULE…|all>', 'rules that must be asked of every block, with commas between them (repeatable)');
  return offering(option.argParser(parseRules), [...RULES, ALL]);
}

/** Names with commas between, for an option that may be given again and again. */
function parseRules(text: string, before: readonly string[] = []): readonly string[] {
  return [...new Set([...before, ...text.split(',').flatMap((name) => (name === ALL ? RULES : [knownRule(name)]))])];
}

function knownRule(name: string): string {
  if (RULES.includes(name)) return name;
  throw new InvalidArgumentError(`There is no rule "${name}"; did you mean ${nearest(name, [...RULES, ALL])}?`);
}
