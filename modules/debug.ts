// debug: shows a text or the value of an expression. The expression comes unrendered, so that an undefined name is shown
// instead of failing the task.

import { TemplateError } from '../engine/model/errors.ts';
import { type Json, toJson } from '../engine/model/value.ts';
import { defineControl } from '../engine/module/control.ts';
import { toText } from '../engine/module/schema.ts';

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
  decide(args, view) {
    if (view.verbosity < args.verbosity) {
      return { skipped: 'Verbosity threshold not met.', data: { skipped_reason: 'Verbosity threshold not met.' } };
    }
    if (args.var === undefined)
      return { data: { msg: args.msg === undefined ? 'Hello world!' : args.msg }, verboseAlways: 'bare' };
    const name = toText(args.var);
    return { data: shownValue(name, () => toJson(view.evaluate(name))), verboseAlways: 'bare' };
  },
});

function shownValue(name: string, evaluate: () => Json): Record<string, Json> {
  try {
    return { [name]: evaluate() };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return {
      [name]: `<< error 1 - ${error.message} >>`,
      warnings: [`Encountered 1 template error.\nerror 1 - ${error.message}`],
    };
  }
}
