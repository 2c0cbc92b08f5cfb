/**
 * Loaded before a command (`node --import`): says at its end how much memory it held at most, in kilobytes, as the last
 * line on stderr.
 */

process.on('exit', () => process.stderr.write(`maxRSS ${process.resourceUsage().maxRSS}\n`));
