// setup: gathers facts with one script and no Python.

import { defineModule } from '../engine/module/contract.ts';
import { factPlan, factQuestion } from './shared/facts/gather.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Gathers facts about the host.',
    notes: [
      'One round trip. Facts of Facter and Ohai are not gathered; those of Python where it is, though nothing needs it.',
    ],
    examples: `
- name: Only what is cheap, and the network
  setup:
    gather_subset: [network]
- name: The distribution
  setup:
    filter: ansible_distribution*
`,
    returns: { ansible_facts: 'The facts, by name.' },
  },
  schema: {
    gather_subset: {
      type: 'list',
      elements: 'str',
      default: ['all'],
      doc: 'What to gather: all, min, hardware, network, virtual, or the name of a fact; `!` leaves out.',
    },
    gather_timeout: { type: 'int', default: 10, doc: 'Seconds that a slow mount may take to answer.' },
    filter: { type: 'list', elements: 'str', default: [], doc: 'Shell patterns of the facts to return.' },
    fact_path: { type: 'path', default: '/etc/ansible/facts.d', doc: 'Folder with local facts (*.fact).' },
  },
  inspect: (args) => factQuestion(args),
  plan: (args, seen) => factPlan(args, seen),
});
