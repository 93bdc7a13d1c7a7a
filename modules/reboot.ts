// reboot: restarts the host and waits until it has come back with a new boot id and answers the test command.

import { defineModule, ModuleFailure, type StepResult } from '../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { readSections, section } from './shared/sections.ts';
import { noteOf, textOf } from './shared/seen.ts';

const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Restarts the host and waits until it is back.',
    examples: `
- name: Into the new kernel
  reboot:
    reboot_timeout: 300
  when: new_kernel | default(false)
`,
    returns: { rebooted: 'It has come back with a new boot id.', elapsed: 'Seconds that it took.' },
  },
  schema: {
    msg: { type: 'str', default: 'Reboot initiated by Ansible', doc: 'What users are told.' },
    pre_reboot_delay: { type: 'int', default: 0, doc: 'Seconds before it goes down; whole minutes count.' },
    post_reboot_delay: { type: 'int', default: 0, doc: 'Seconds before it is tried again.' },
    reboot_timeout: { type: 'int', default: 600, doc: 'Seconds until it has to be back.' },
    connect_timeout: { type: 'int', doc: "Seconds for one attempt; the connection's own limit holds." },
    test_command: { type: 'str', default: 'whoami', doc: 'Has to succeed before the host counts as back.' },
    boot_time_command: { type: 'str', default: BOOT_ID, doc: 'Prints something that differs after each boot.' },
    reboot_command: { type: 'str', doc: 'The command; shutdown, else reboot, when not given.' },
    search_paths: {
      type: 'list',
      elements: 'str',
      default: ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
      doc: 'Where the command is looked for.',
    },
  },
  inspect: (args) => ({
    kind: 'question',
    script: lines(
      section('boot'),
      sh`${raw(args.boot_time_command)}`,
      section('command'),
      sh`for command in ${commandName(args.reboot_command)}; do case $command in /*) [ -x "$command" ] && { echo "$command"; break; };; *) for folder in ${args.search_paths}; do [ -x "$folder/$command" ] && { echo "$folder/$command"; break 2; }; done;; esac; done`,
    ),
    read(answer) {
      const sections = readSections(answer);
      return new Map([['boot:', { id: sections.word('boot'), command: sections.word('command') }]]);
    },
  }),
  plan(args, seen) {
    const now = noteOf(seen, 'boot:');
    const command = textOf(now, 'command');
    if (command === '') {
      throw new ModuleFailure(
        `Unable to find command "${commandName(args.reboot_command)[0]}" in search paths: ${args.search_paths.join(', ')}`,
      );
    }
    const id = textOf(now, 'id');
    const own = args.boot_time_command === BOOT_ID;
    const different = sh`[ "$(${raw(args.boot_time_command)})" != ${id} ]`;
    const test = lines(!own && sh`${raw(different)} || exit 1`, sh`${raw(args.test_command)}`);
    return {
      kind: 'plan',
      actions: [
        {
          changes: [{ of: 'boot:', before: { id }, after: { rebooted: true } }],
          step: { run: commandOf(args, command), tolerate: true, failure: 'the reboot command failed' },
        },
        {
          changes: [],
          reason: 'waits until the host is back',
          step: {
            effect: {
              kind: 'reconnect',
              timeout: args.reboot_timeout,
              delay: args.post_reboot_delay,
              test,
              ...(own ? { bootIdBefore: id } : {}),
            },
          },
        },
      ],
      pending: { rebooted: true, elapsed: 0 },
      conclude: (outputs) => ({ rebooted: true, elapsed: elapsedOf(outputs) }),
    };
  },
});

/** Names to look for, best first. */
function commandName(given: string | undefined): readonly string[] {
  return given === undefined ? ['shutdown', 'reboot'] : [given.trim().split(/\s+/)[0]!];
}

function commandOf(
  args: { readonly reboot_command?: string | undefined; readonly pre_reboot_delay: number; readonly msg: string },
  command: string,
): Script {
  if (args.reboot_command !== undefined) {
    const words = args.reboot_command.trim().split(/\s+/).slice(1).join(' ');
    return sh`${command} ${raw(words)}`;
  }
  if (command.endsWith('/shutdown')) {
    return sh`${command} -r ${Math.floor(args.pre_reboot_delay / 60)} ${args.msg}`;
  }
  return sh`sleep ${args.pre_reboot_delay}; ${command}`;
}

function elapsedOf(outputs: readonly StepResult[]): number {
  const started = Date.parse(outputs[0]?.started ?? '');
  const ended = Date.parse(outputs.at(-1)?.ended ?? '');
  const told = outputs.at(-1)?.data['elapsed'];
  if (typeof told === 'number') return Math.round(told);
  return Number.isNaN(ended - started) ? 0 : Math.round((ended - started) / 1000);
}
