// assert: judges conditions one by one and fails at the first that does not hold.

import { toJson, type Value } from '../engine/model/value.ts';
import { defineControl, type Json } from '../engine/module/control.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Fails unless all conditions hold.',
    examples: `
- name: The port has to be free for users
  assert:
    that:
      - port | int > 1023
      - port | int < 65536
    fail_msg: "port must lie between 1024 and 65535, not {{ port }}"
  vars:
    port: 8080
`,
    returns: {
      assertion: 'The condition that did not hold.',
      evaluated_to: 'What it gave.',
    },
  },
  schema: {
    that: { type: 'raw', required: true, doc: 'A condition, or a list of them, as `when` takes them.' },
    fail_msg: {
      type: 'str_or_list_of_str',
      aliases: ['msg'],
      doc: 'What to say when one does not hold (text, or a list of texts).',
    },
    success_msg: { type: 'str_or_list_of_str', doc: 'What to say when all hold (text, or a list of texts).' },
    quiet: { type: 'bool', default: false, doc: 'Shows no more than ok when all hold.' },
  },
  expressions: ['that'],
  decide(args, view) {
    const loud = args.quiet ? {} : ({ verboseAlways: true } as const);
    for (const condition of conditionsOf(args.that)) {
      if (view.judge(condition).holds) continue;
      const msg = args.fail_msg ?? 'Assertion failed';
      return { failed: shown(msg), data: { assertion: toJson(condition), evaluated_to: false, msg }, ...loud };
    }
    return { data: { msg: args.success_msg ?? 'All assertions passed' }, ...loud };
  },
});

/** `that` as written may hold templates, which are values and not JSON: they go on as they are. */
function conditionsOf(that: Json): readonly Value[] {
  return (Array.isArray(that) ? that : [that]) as Value[];
}

function shown(message: string | string[]): string {
  return [message].flat().join('\n');
}
