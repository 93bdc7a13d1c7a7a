// include_tasks: brings in a file of tasks while the play runs; the executor does it.

import { defineControl } from '../engine/module/control.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs the tasks of another file, found when the play gets there.',
    examples: `
- name: Steps of this system
  include_tasks: "{{ ansible_facts['os_family'] | default('Debian') }}.yml"
- name: With keywords for the tasks within
  include_tasks:
    file: steps.yml
    apply:
      tags: [steps]
`,
  },
  schema: {
    file: { type: 'str', freeForm: true, required: true, doc: 'The file, relative to the one with this task.' },
    apply: { type: 'dict', doc: 'Keywords that are laid on the tasks within.' },
  },
  decide: (args) => ({
    data: { include: args.file, include_args: {} },
    effects: [
      {
        kind: 'include',
        what: 'tasks',
        args: args.apply === undefined ? { file: args.file } : { file: args.file, apply: args.apply },
      },
    ],
  }),
});
