// include_role: runs a role while the play runs; the executor does it.

import { defineControl, type Json } from '../engine/module/control.ts';

export default defineControl({
  control: true,
  titledBy: 'name',
  doc: {
    collection: 'ansible.builtin',
    summary: 'Runs a role, found when the play gets there.',
    examples: `
- name: The role for this kind of host
  include_role:
    name: "{{ kind | default('web') }}"
    tasks_from: install
  vars:
    port: 8080
`,
  },
  schema: {
    name: { type: 'str', required: true, aliases: ['role'], doc: 'Name of the role.' },
    tasks_from: { type: 'str', default: 'main', doc: 'File in its tasks folder.' },
    vars_from: { type: 'str', default: 'main', doc: 'File in its vars folder.' },
    defaults_from: { type: 'str', default: 'main', doc: 'File in its defaults folder.' },
    handlers_from: { type: 'str', default: 'main', doc: 'File in its handlers folder.' },
    apply: { type: 'dict', doc: 'Keywords that are laid on the tasks within.' },
    public: { type: 'bool', default: false, doc: 'Shows its variables and defaults to the tasks that follow.' },
    allow_duplicates: { type: 'bool', default: true, doc: 'Runs it again though it ran already.' },
    rolespec_validate: { type: 'bool', default: true, doc: 'Checks the arguments against its argument_specs.' },
  },
  decide: (args) => {
    const given: Record<string, Json> = {};
    for (const [name, value] of Object.entries(args)) if (value !== undefined) given[name] = value;
    return { data: {}, effects: [{ kind: 'include', what: 'role', args: given }] };
  },
});
