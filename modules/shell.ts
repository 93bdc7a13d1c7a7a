// Runs a command line through a shell of the host.

import { defineModule, ModuleFailure } from '../engine/module/contract.ts';
import { sh } from '../engine/module/sh.ts';
import { outputText } from './shared/bytes.ts';
import {
  askConditions,
  CONDITIONS,
  concludeRun,
  enter,
  judgeConditions,
  NOT_STARTED,
  noFolder,
  planLine,
} from './shared/command.ts';
import { pathWord } from './shared/path.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs a command line through a shell, with pipes, redirections and variables.',
    notes: ['Use `quote` for variables that go into the line.'],
    examples: `- name: Count the users of a group
  shell: getent group sudo | tr ',' '\\n' | wc -l
  register: members

- name: Unpack once, with bash
  ansible.builtin.shell:
    cmd: set -o pipefail; zcat dump.gz | mysql shop && touch .done
    chdir: /srv/dump
    creates: .done
    executable: /bin/bash
`,
    returns: {
      cmd: 'The line that ran.',
      rc: 'Exit code.',
      stdout: 'What it printed.',
      stderr: 'What it printed to the error stream.',
      start: 'When it started.',
      end: 'When it ended.',
      delta: 'How long it took.',
      msg: 'Empty, or why it failed or did not run.',
    },
  },
  schema: {
    ...CONDITIONS,
    cmd: { type: 'str', freeForm: true, doc: 'The command line.' },
    executable: { type: 'path', doc: 'The shell, `/bin/sh` when left out.' },
    stdin: { type: 'str', doc: 'Text for its standard input.' },
    stdin_add_newline: { type: 'bool', default: true, doc: 'End that text with a newline.' },
  },
  inspect: (args) => askConditions(args),
  plan(args, seen, site) {
    const line = args.cmd ?? '';
    if (line.trim() === '') throw new ModuleFailure('no command given', { rc: 256 });
    const data = { cmd: line };
    const mark = `${site.token}:chdir`;
    return planLine({
      verdict: judgeConditions(args, seen, data),
      data,
      script: sh`${enter(args.chdir, sh`{ echo ${mark} >&2; exit ${NOT_STARTED}; }`)}
exec ${pathWord(args.executable ?? '/bin/sh')} -c ${line}`,
      stdin: args.stdin === undefined ? undefined : `${args.stdin}${args.stdin_add_newline ? '\n' : ''}`,
      conclude(output) {
        if (output.rc === NOT_STARTED && outputText(output.stderr).includes(mark))
          throw noFolder(args.chdir ?? '', data);
        return concludeRun(output, data, true, true);
      },
    });
  },
});
