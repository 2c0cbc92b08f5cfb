/** `--require RULE…|all` of an audit: rules that must be asked of every block, or the exit code says that they were not. */

import { InvalidArgumentError } from 'commander';
import { nearest } from '../chain/option/nearest.ts';
import { BLOCK_CHECKS } from '../consensus/block-validation.ts';

const RULES = BLOCK_CHECKS.map(({ name }) => name);
const ALL = 'all';

/** Names with commas between, for an option that may be given again and again. */
export function parseRules(text: string, before: readonly string[] = []): readonly string[] {
  return [...new Set([...before, ...text.split(',').flatMap((name) => (name === ALL ? RULES : [knownRule(name)]))])];
}

function knownRule(name: string): string {
  if (RULES.includes(name)) return name;
  throw new InvalidArgumentError(`There is no rule "${name}"; did you mean ${nearest(name, [...RULES, ALL])}?`);
}
