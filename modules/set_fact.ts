// set_fact: sets variables of the host; values keep their types.

import { ModuleFailure } from '../engine/model/errors.ts';
import { toJson, type Value } from '../engine/model/value.ts';
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
    const facts = new Map<Value, Value>(view.extra);
    if (view.typing === 'classic')
      for (const [name, value] of facts) facts.set(name, BOOLS.get(wordOf(value)) ?? value);
    return {
      data: { ansible_facts: toJson(facts) },
      effects: [{ kind: 'set-facts', facts, cacheable: args.cacheable }],
    };
  },
});

/** Words that were set as what they say, in the classic era. */
const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
]);

function wordOf(value: Value): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
