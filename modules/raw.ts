// Runs a line as it is by the host's login shell or a given one: nothing but the line reaches the host.

import { defineModule } from '../engine/module/contract.ts';
import { NOTHING, raw, type Script, sh } from '../engine/module/sh.ts';
import { concludeRun } from './shared/command.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs a line as it is, with nothing around it.',
    notes: ['Always counts as a change; a dry run skips it.'],
    examples: `- name: Bring in a program before anything else
  raw: test -e /usr/bin/python3 || apk add python3

- name: With another shell
  ansible.builtin.raw: echo $0
  args:
    executable: /bin/bash
`,
    returns: { rc: 'Exit code.', stdout: 'What it printed.', stderr: 'What it printed to the error stream.' },
  },
  schema: {
    free_form: { type: 'str', required: true, freeForm: true, doc: 'The line.' },
    executable: { type: 'str', doc: 'The shell that reads the line.' },
  },
  inspect: () => ({ kind: 'question', script: NOTHING, read: () => new Map() }),
  plan({ free_form: line, executable }) {
    const script = executable === undefined ? (sh`${raw(line)}` as Script) : sh`exec ${executable} -c ${line}`;
    return {
      kind: 'plan',
      actions: [
        { changes: [], opaque: 'changes', step: { run: script, tolerate: true, foreground: true, onOutput: true } },
      ],
      conclude: (outputs) => concludeRun(outputs[0]!, {}, false, false),
    };
  },
});
