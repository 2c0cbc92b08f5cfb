/** `mineone config show`: the configuration as it is in force, secrets masked (product.md, «Configuration»). */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'smol-toml';
import { maskedConfig, readConfig } from '../config.ts';
import { dataOption } from './data-dir.ts';
import { toJson } from './json.ts';

interface ConfigOptions {
  readonly data: string;
  readonly config?: string;
  readonly json?: true;
}

export function configCommand(): Command {
  const command = new Command('config').description('the configuration').addHelpText('after', '\nExample:\n  mineone config show');
  return command.addCommand(
    new Command('show')
      .description('print the configuration in force: file, then MINEONE_*; secrets masked')
      .option('--config <FILE>', 'configuration file; mineone.toml in the data directory if not given')
      .addOption(dataOption())
      .option('--json', 'print one JSON document')
      .addHelpText('after', '\nExample:\n  mineone config show --config /etc/mineone.toml')
      .action(({ data, config, json }: ConfigOptions) => {
        const path = config ?? join(data, 'mineone.toml');
        const toml = config === undefined && !existsSync(path) ? null : readFileSync(path, 'utf8');
        const masked = maskedConfig(readConfig({ toml, path, env: process.env }));
        process.stdout.write(json ? `${toJson(masked)}\n` : stringify(masked));
      }),
  );
}
