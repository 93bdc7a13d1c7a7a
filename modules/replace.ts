// Replaces every match of an expression in a text file.

import { defineModule, ModuleFailure, type Plan } from '../engine/module/contract.ts';
import { decode, encode } from './shared/bytes.ts';
import { askEdited, EDIT_ARGS, editedFile, mustBeThere, planEdited } from './shared/editing.ts';
import { pythonRegex } from './shared/regex.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Replaces every match of an expression in a text file.',
    notes: [
      'The expression is in the language of Python; `^` and `$` match at every line.',
      'Write it so that it does not match what it makes.',
    ],
    examples: `- name: The old name is gone
  replace:
    path: /etc/hosts
    regexp: '(\\s+)old\\.host\\.name(\\s+.*)?$'
    replace: '\\1new.host.name\\2'
    backup: true

- name: Only in one section
  ansible.builtin.replace:
    path: /etc/app.conf
    after: '\\[cache\\]'
    before: '\\['
    regexp: '^size=.*$'
    replace: size=64
`,
    returns: { msg: 'How many matches were replaced.', backup_file: 'The name of the kept old file, with `backup`.' },
  },
  schema: {
    ...EDIT_ARGS,
    regexp: { type: 'str', required: true, doc: 'The expression.' },
    replace: {
      type: 'str',
      default: '',
      doc: 'What takes the place of a match; `\\1` and `\\g<name>` are its groups.',
    },
    after: { type: 'str', doc: 'Only behind the first match of this expression.' },
    before: { type: 'str', doc: 'Only before a match of this expression.' },
    encoding: { type: 'str', default: 'utf-8', doc: 'How the file is encoded: utf-8, latin-1 or ascii.' },
  },
  inspect: (args) => askEdited(args),
  plan(args, seen, site): Plan {
    const file = mustBeThere(editedFile(seen));
    const codec = codecOf(args.encoding);
    const old = codec.read(file.text);
    const section = sectionOf(old, args.after, args.before);
    if (typeof section === 'string') {
      const msg = `Pattern for before/after params did not match the given file: ${section}`;
      return { kind: 'plan', actions: [], data: { msg, rc: 0 } };
    }
    const expression = pythonRegex(args.regexp, { multiline: true });
    const [part, count] = expression.replace(old.slice(...section), args.replace);
    const text = old.slice(0, section[0]) + part + old.slice(section[1]);
    const changed = text !== old;
    const msg = changed ? `${count} replacements made` : '';
    const plan = planEdited(file, { text: codec.write(text), msg, data: { rc: 0 } }, args, seen, false);
    if (!site.diff || !changed) return plan;
    return { ...plan, diffs: { before: old, after: text, beforeHeader: file.path, afterHeader: file.path } };
  },
});

/** Text of the file, which was read as UTF-8, in an encoding of its own, and back. Throws ModuleFailure for unknown ones. */
function codecOf(encoding: string): { read(text: string): string; write(text: string): string } {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (['utf-8', 'utf8', 'ascii', 'us-ascii'].includes(name)) return { read: (text) => text, write: (text) => text };
  if (['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1'].includes(name)) {
    return {
      read: (text) => Buffer.from(encode(text)).toString('latin1'),
      write: (text) => decode(Buffer.from(text, 'latin1')),
    };
  }
  throw new ModuleFailure(`replace: the encoding '${encoding}' is not supported`);
}

/** The part that `after` and `before` leave, or the expression that found none. Throws ModuleFailure. */
function sectionOf(
  text: string,
  after: string | undefined,
  before: string | undefined,
): readonly [from: number, to: number] | string {
  if (after === undefined && before === undefined) return [0, text.length];
  const lazy = after === undefined || before === undefined ? '' : '?';
  const pattern = `${after ?? ''}(?P<subsection>.*${lazy})${before ?? ''}`;
  const expression = pythonRegex(pattern, { dotAll: true });
  return expression.search(text)?.span(expression.groupNames.get('subsection')!) ?? pattern;
}
