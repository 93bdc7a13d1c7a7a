// What the command says of itself, and how it is called: answered before anything that plays is loaded.

import { type CommandLine, helpText } from './arguments.ts';
import { EXCLUSIVE, PLAYBOOK_OPTIONS } from './options.ts';
import { loadSettings } from './settings.ts';
import { versionText } from './version.ts';

/** How `troupe playbook` is called, under the name that the user knows it by. */
export function playbookLine(name: string): CommandLine {
  return {
    name,
    summary: 'Plays playbooks on the hosts of an inventory.',
    operands: { name: 'playbook', doc: 'Playbook files.' },
    options: PLAYBOOK_OPTIONS,
    exclusive: EXCLUSIVE,
  };
}

/** The text of --help or --version; undefined where neither is asked for. Throws UsageError for settings that are wrong. */
export function about(
  line: CommandLine,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string | undefined {
  if (argv.includes('-h') || argv.includes('--help')) return helpText(line);
  return argv.includes('--version') ? versionText(line.name, loadSettings(environment, cwd)) : undefined;
}
