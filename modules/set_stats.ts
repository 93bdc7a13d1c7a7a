// set_stats: adds figures to the end of the run.

import { defineControl } from '../engine/module/control.ts';
import { requireVariableNames } from './shared/names.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sets figures that are shown with the recap.',
    examples: `
- name: What went out
  set_stats:
    data:
      release: "1.2"
      hosts_done: 1
`,
    returns: { ansible_stats: 'What was set.' },
  },
  schema: {
    data: { type: 'dict', default: {}, doc: 'Names and values.' },
    per_host: { type: 'bool', default: false, doc: 'One figure for each host instead of one for the run.' },
    aggregate: {
      type: 'bool',
      default: true,
      doc: 'Adds to (or joins with) what was set before, instead of replacing it.',
    },
  },
  decide(args) {
    requireVariableNames(Object.keys(args.data));
    const { data, per_host, aggregate } = args;
    return {
      data: { ansible_stats: { aggregate, data, per_host } },
      effects: [{ kind: 'set-stats', data, perHost: per_host, aggregate }],
    };
  },
});
