// Runs a program without a shell: words are passed as they are, only variables and `~` expand.

import { defineModule, ModuleFailure, type StepResult } from '../engine/module/contract.ts';
import { raw, type Script, sh } from '../engine/module/sh.ts';
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
import { variablesWord } from './shared/path.ts';
import { splitWords } from './shared/words.ts';

/** Told on stderr, with a token of the task, when the program itself never started. */
type Fault = 'chdir' | 'missing' | 'denied';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs a program on the host, without a shell in between.',
    notes: [
      'Pipes, redirections and patterns are not understood; use `shell` for them.',
      'Counts as a change whenever it runs. With `creates` or `removes` a dry run foretells it; without, it is skipped there.',
    ],
    examples: `- name: Look at a file
  command: cat /etc/motd
  register: motd

- name: Make a database once
  ansible.builtin.command:
    argv: [/usr/bin/make_database.sh, "db user", db_name]
    creates: /var/lib/database
    chdir: /srv
`,
    returns: {
      cmd: 'The words that ran.',
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
    cmd: { type: 'str', freeForm: true, doc: 'The command line; split into words by quotes and blanks.' },
    argv: { type: 'list', elements: 'str', doc: 'The words, as a list.' },
    stdin: { type: 'str', doc: 'Text for its standard input.' },
    stdin_add_newline: { type: 'bool', default: true, doc: 'End that text with a newline.' },
    strip_empty_ends: { type: 'bool', default: true, doc: 'Leave out line ends at the end of stdout and stderr.' },
    expand_argument_vars: { type: 'bool', default: true, doc: 'Expand `$NAME` and `~` in the words.' },
    executable: { type: 'path', doc: 'Has no effect, as in Ansible: use `shell`.' },
  },
  inspect: (args) => askConditions(args),
  plan(args, seen, site) {
    if (args.cmd !== undefined && args.argv !== undefined)
      throw new ModuleFailure('parameters are mutually exclusive: _raw_params|cmd|argv');
    if (args.cmd === undefined && args.argv === undefined)
      throw new ModuleFailure('one of the following is required: _raw_params, cmd, argv');
    const words = args.argv ?? splitWords(args.cmd ?? '');
    if (words.length === 0) throw new ModuleFailure('no command given', { rc: 256 });
    const data = { cmd: words };
    const spoken = args.argv === undefined ? args.cmd! : words.join(' ');
    return planLine({
      verdict: judgeConditions(args, seen, data),
      data,
      script: start(words, args.chdir, args.expand_argument_vars, site.token),
      stdin: args.stdin === undefined ? undefined : `${args.stdin}${args.stdin_add_newline ? '\n' : ''}`,
      warnings:
        args.executable === undefined
          ? []
          : [`The parameter 'executable' is not supported with the 'command' module. Not using '${args.executable}'.`],
      conclude(output) {
        const fault = faultOf(output, site.token);
        if (fault === 'chdir') throw noFolder(args.chdir ?? '', data);
        if (fault !== undefined) {
          throw new ModuleFailure('Error executing command.', {
            cmd: spoken,
            rc: fault === 'missing' ? 2 : 13,
            stdout: '',
            stderr: '',
          });
        }
        return concludeRun(output, data, args.strip_empty_ends, true);
      },
    });
  },
});

/** Replaces the shell by the program itself, never by a builtin of the shell, and tells when there is no such program. */
function start(words: readonly string[], chdir: string | undefined, expand: boolean, token: string): Script {
  const spread = raw(words.map((word) => (expand ? sh`${variablesWord(word)}` : sh`${word}`)).join(' '));
  const tell = (fault: Fault): ReturnType<typeof raw> =>
    raw(sh`{ echo ${`${token}:${fault}`} >&2; exit ${NOT_STARTED}; }`);
  return sh`set -- ${spread}
${enter(chdir, tell('chdir').text)}
case $1 in
*/*) [ -e "$1" ] || ${tell('missing')}; { [ -x "$1" ] && ! [ -d "$1" ]; } || ${tell('denied')} ;;
*) IFS=:; set -f; for dir in $PATH; do if [ -x "\${dir:-.}/$1" ] && ! [ -d "\${dir:-.}/$1" ]; then dir=; break; fi; done; set +f; unset IFS
  [ -z "$dir" ] || ${tell('missing')} ;;
esac
exec "$@"`;
}

function faultOf(output: StepResult, token: string): Fault | undefined {
  if (output.rc !== NOT_STARTED) return undefined;
  const said = outputText(output.stderr);
  return (['chdir', 'missing', 'denied'] as const).find((fault) => said.includes(`${token}:${fault}`));
}
