// debug: shows a text or the value of an expression. The expression comes unrendered, so that an undefined name is shown
// instead of failing the task.

import { toJson, type Value } from '../engine/model/value.ts';
import { defineControl } from '../engine/module/control.ts';

const HELLO = 'Hello world!';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Shows a message or the value of a variable or expression.',
    examples: `
- name: Say which release goes out
  debug:
    msg: "deploying {{ release | default('latest') }}"
- name: Show a variable, only with -vv and more
  debug:
    var: inventory_hostname
    verbosity: 2
`,
  },
  schema: {
    msg: { type: 'raw', nullable: true, doc: 'What to show; any value.' },
    var: { type: 'raw', doc: 'An expression, written without braces, whose value is shown under its own text.' },
    verbosity: { type: 'int', default: 0, doc: 'Shown only from this verbosity on; below it the task is skipped.' },
  },
  rules: { mutuallyExclusive: [['msg', 'var']] },
  expressions: ['var'],
  bare: true,
  decide(args, view) {
    if (view.verbosity < args.verbosity) {
      return { skipped: 'Verbosity threshold not met.', data: { skipped_reason: 'Verbosity threshold not met.' } };
    }
    if (args.var === undefined)
      return { data: { msg: args.msg === undefined ? HELLO : args.msg }, verboseAlways: true };
    const shown = view.show(args.var as Value);
    if (shown === undefined) return { data: { msg: HELLO }, verboseAlways: true };
    const { text, value, missing } = shown;
    const told = missing.map((message, index) => `\nerror ${index + 1} - ${message}`).join('');
    const warnings = [`Encountered ${missing.length} template error${missing.length === 1 ? '' : 's'}.${told}`];
    return { data: { [text]: toJson(value), ...(missing.length > 0 ? { warnings } : {}) }, verboseAlways: true };
  },
});
