// meta: asks something of the run itself. The word goes through to the executor.

import { ModuleFailure } from '../engine/model/errors.ts';
import { defineControl } from '../engine/module/control.ts';

const ACTIONS = [
  'clear_facts',
  'clear_host_errors',
  'end_batch',
  'end_host',
  'end_play',
  'end_role',
  'flush_handlers',
  'noop',
  'refresh_inventory',
  'reset_connection',
  'role_complete',
] as const;

export default defineControl({
  control: true,
  silent: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Steers the run: flushes handlers, ends a host or a play, forgets facts, reads the inventory anew.',
    examples: `
- name: Run the handlers that were notified so far
  meta: flush_handlers
- name: This host is done
  meta: end_host
  when: already_done | default(false)
`,
  },
  schema: {
    free_form: {
      type: 'str',
      required: true,
      freeForm: true,
      doc: `One of ${ACTIONS.filter((action) => action !== 'role_complete').join(', ')}.`,
    },
  },
  decide(args) {
    const action = args.free_form.trim();
    if (!(ACTIONS as readonly string[]).includes(action)) {
      throw new ModuleFailure(`invalid meta action requested: ${action}`);
    }
    return { data: {}, effects: [{ kind: 'meta', action }] };
  },
});
