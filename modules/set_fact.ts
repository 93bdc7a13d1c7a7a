// set_fact: sets variables of the host; values keep their types.

import { ModuleFailure } from '../engine/model/errors.ts';
import { toJson } from '../engine/model/value.ts';
import { defineControl } from '../engine/module/control.ts';
import { requireVariableNames } from './shared/names.ts';

export default defineControl({
  control: true,
  open: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sets variables of the host for the rest of the run.',
    notes: ['`cacheable` makes them facts as well (weaker than the variable, and kept by a fact cache).'],
    examples: `
- name: Remember where the release goes
  set_fact:
    release_dir: "/srv/app/{{ inventory_hostname }}"
    keep: 3
`,
  },
  schema: { cacheable: { type: 'bool', default: false, doc: 'Makes them facts too.' } },
  decide(args, view) {
    if (view.extra.size === 0) {
      throw new ModuleFailure('No key/value pairs provided, at least one is required for this action to succeed');
    }
    requireVariableNames(view.extra.keys());
    return {
      data: { ansible_facts: toJson(new Map(view.extra)) },
      effects: [{ kind: 'set-facts', facts: new Map(view.extra), cacheable: args.cacheable }],
    };
  },
});
