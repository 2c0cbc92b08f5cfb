/** Commands as README, docs and help texts print them, in the order in which they stand there. */

export interface Printed {
  /** As it is printed, without the remark behind it. */
  readonly text: string;
  /** README.md, `docs/journal.md`, `mineone audit --help`. */
  readonly where: string;
}

/** What begins a command line; `mineone: CODE`, `mineone.toml` and the word source in a report are none. */
const COMMAND = /^(?:mineone|npm|npx|node|lotus) \S|^source <\(|^\.ci\/run$/;

/** A remark, or none: two blanks at least, so that no `#` of a command is taken for one. */
const REMARK = /\s{2,}# .*$/;

/** Of a unit file, the command that it starts. */
const STARTED = /^ExecStart=\/usr\/bin\/(mineone .*)$/;

/** The commands of a page: lines of its blocks, and what stands between backticks. */
export function printedInPage(page: string, where: string): readonly Printed[] {
  const texts: string[] = [];
  for (const [i, part] of page.split(/^```.*$/m).entries()) texts.push(...(i % 2 === 0 ? spansOf(part) : linesOf(part)));
  return texts.filter((text) => COMMAND.test(text)).map((text) => ({ text, where }));
}

/** The commands of a help text: its example, and what stands between backticks. */
export function printedInHelp(help: string, where: string): readonly Printed[] {
  const [text = '', example = ''] = help.split('\nExample:\n');
  const lines = example.split('\n').map((line) => line.trim());
  return [...spansOf(text.replaceAll(/\n\s+/g, ' ')), ...lines].filter((line) => COMMAND.test(line)).map((line) => ({ text: line, where }));
}

function spansOf(prose: string): readonly string[] {
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll(/\s+/g, ' '));
}

/** A line that ends in a backslash goes on in the next. */
function linesOf(block: string): readonly string[] {
  const joined = block.replaceAll(/\\\n\s*/g, '');
  return joined.split('\n').map((line) => (STARTED.exec(line)?.[1] ?? line).replace(REMARK, '').trim());
}
