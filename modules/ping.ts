// Asks the host's shell for an answer.

import { defineModule, ModuleFailure } from '../engine/module/contract.ts';
import { sh } from '../engine/module/sh.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Checks that the host can be reached and its shell answers.',
    notes: ['It sends no ICMP packets.'],
    examples: `- name: Is the host there?
  ping:

- name: Let the task fail on purpose
  ansible.builtin.ping:
    data: crash
`,
    returns: { ping: 'The text of `data`.' },
  },
  schema: {
    data: { type: 'str', default: 'pong', doc: 'Text to give back; `crash` makes the task fail.' },
  },
  inspect: () => ({ kind: 'question', script: sh`:`, read: () => new Map() }),
  plan({ data }) {
    if (data === 'crash') throw new ModuleFailure('boom');
    return { kind: 'plan', actions: [], data: { ping: data } };
  },
});
