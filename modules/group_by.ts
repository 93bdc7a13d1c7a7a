// group_by: puts the host in a group whose name is made of a value.

import { defineControl } from '../engine/module/control.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Puts each host in a group named by a value.',
    examples: `
- name: Groups by distribution
  group_by:
    key: "os_{{ ansible_facts['distribution'] | default('unknown') }}"
    parents: [by_os]
`,
    returns: { add_group: 'The group.', parent_groups: 'Its parents.' },
  },
  schema: {
    key: { type: 'str', required: true, doc: 'Name of the group; spaces become dashes.' },
    parents: { type: 'list', elements: 'str', default: ['all'], doc: 'Groups above it.' },
  },
  decide(args) {
    const group = args.key.replaceAll(' ', '-');
    const parents = args.parents.map((name) => name.replaceAll(' ', '-'));
    return {
      changed: true,
      data: { add_group: group, parent_groups: parents },
      effects: [{ kind: 'group-host', group, parents }],
    };
  },
});
