/**
 * Why a message is refused: the rule it breaks, what the rule asks and what came; a value, so that a judge can collect
 * several.
 */

export interface MessageRefusal<Rule extends string> {
  readonly rule: Rule;
  readonly expected: string;
  readonly found: string;
}

export function refusal<Rule extends string>(rule: Rule, expected: string, found: unknown): MessageRefusal<Rule> {
  return { rule, expected, found: String(found) };
}

/** Whether a result is a refusal and not what was asked for. */
export function isRefusal<T extends object, Rule extends string>(result: T | MessageRefusal<Rule>): result is MessageRefusal<Rule> {
  return 'rule' in result && 'expected' in result;
}
