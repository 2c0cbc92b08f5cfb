/** `mineone config show`: the configuration as it is in force, secrets masked (docs/commands.md, «Configuration»). */

import { Command } from 'commander';
import { stringify } from 'smol-toml';
import { maskedConfig } from '../config.ts';
import { type ConfigFlags, configInForce, withConfigOptions } from './options/config-options.ts';
import { toJson } from './terminal/json.ts';

interface ConfigOptions extends ConfigFlags {
  readonly json?: true;
}

export function configCommand(): Command {
  const command = new Command('config').description('show the configuration').addHelpText('after', '\nExample:\n  mineone config show');
  return command.addCommand(
    withConfigOptions(
      new Command('show').description('print the configuration that a run would use: the file, then MINEONE_* variables, then options; secrets are masked'),
    )
      .option('--json', 'print one JSON document')
      .addHelpText('after', '\nExample:\n  mineone config show --config /etc/mineone.toml')
      .action((options: ConfigOptions) => {
        const masked = maskedConfig(configInForce(options));
        process.stdout.write(options.json ? `${toJson({ type: 'config', ...masked })}\n` : stringify(masked));
      }),
  );
}
