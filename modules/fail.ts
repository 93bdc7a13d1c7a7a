// fail: ends the task as failed, with a message.

import { defineControl } from '../engine/module/control.ts';
import { toText } from '../engine/module/schema.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Fails with a message.',
    examples: `
- name: Refuse to go on without a release
  fail:
    msg: Set the variable release.
  when: release is not defined
`,
  },
  schema: { msg: { type: 'raw', default: 'Failed as requested from task', doc: 'The message.' } },
  decide: (args) => ({ failed: toText(args.msg), data: { msg: args.msg } }),
});
