// gather_facts: what a play does before its tasks; setup by another name.

import { defineModule } from '../engine/module/contract.ts';
import { factPlan, factQuestion } from './shared/facts/gather.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Gathers facts, as a play does before its tasks.',
    notes: ['There is one fact module, so that `parallel` has nothing to spread.'],
    examples: `
- name: Facts anew
  gather_facts:
`,
    returns: { ansible_facts: 'The facts, by name.' },
  },
  schema: {
    parallel: { type: 'bool', doc: 'Spreads several fact modules over processes; with one it decides nothing.' },
    gather_subset: { type: 'list', elements: 'str', default: ['all'], doc: 'As for setup.' },
    gather_timeout: { type: 'int', default: 10, doc: 'As for setup.' },
    filter: { type: 'list', elements: 'str', default: [], doc: 'As for setup.' },
    fact_path: { type: 'path', default: '/etc/ansible/facts.d', doc: 'As for setup.' },
  },
  inspect: (args) => factQuestion(args),
  plan: (args, seen) => factPlan(args, seen),
});
