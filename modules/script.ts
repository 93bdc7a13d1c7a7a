// Runs a script of the controller on the host.

import { type CommandFile, defineModule, ModuleFailure } from '../engine/module/contract.ts';
import { raw, type Script, sh } from '../engine/module/sh.ts';
import { askConditions, CONDITIONS, concludeRun, enter, judgeConditions } from './shared/command.ts';
import { basename } from './shared/path.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs a script of the controller on the host.',
    notes: [
      'The script is looked up in `files/` beside the role and the playbook, and is gone when it has run.',
      'Always counts as a change. With `creates` or `removes` a dry run foretells it; without, it is skipped there.',
    ],
    examples: `- name: With arguments, once
  script: setup.sh --fast "two words"
  args:
    creates: /etc/setup.done

- name: In a language of its own
  ansible.builtin.script:
    cmd: collect.py {{ inventory_hostname }}
    executable: /usr/bin/python3
    chdir: /srv
`,
    returns: { rc: 'Exit code.', stdout: 'What it printed.', stderr: 'What it printed to the error stream.' },
  },
  schema: {
    ...CONDITIONS,
    cmd: {
      type: 'str',
      required: true,
      freeForm: true,
      file: 'files',
      commandLine: true,
      doc: 'The script and its arguments.',
    },
    executable: { type: 'str', doc: 'The program that runs it.' },
    decrypt: { type: 'bool', default: true, doc: 'Decrypt a script that is vaulted.' },
  },
  inspect: (args) => askConditions(args),
  plan(args, seen) {
    const file = args.cmd as unknown as CommandFile;
    if (typeof file !== 'object' || file.type !== 'file')
      throw new ModuleFailure('script needs a file of the controller');
    const { skip, changes } = judgeConditions(args, seen, {});
    if (skip !== undefined) return { kind: 'plan', actions: [], skipped: skip.short, data: { msg: skip.short } };
    const name = safeName(file.path);
    const script: Script = sh`chmod u+rx "$SCRATCH/"${name} || exit 126
script="$SCRATCH/"${name}
${enter(args.chdir, '{ echo "cannot change to the folder" >&2; exit 1; }')}
${raw(args.executable ?? '')} "$script" ${raw(file.rest)}`;
    return {
      kind: 'plan',
      actions: [
        {
          changes,
          opaque: 'changes',
          step: { run: script, scratch: [{ name, bytes: file }], tolerate: true, foreground: true, onOutput: true },
        },
      ],
      pending: changes.length > 0 ? {} : { msg: 'Check mode is not supported for this task.' },
      conclude: (outputs) => concludeRun(outputs[0]!, {}, false, false),
    };
  },
});

/** The script keeps its name on the host, as far as that is harmless. */
function safeName(path: string): string {
  return basename(path).replace(/^-/, '_');
}
