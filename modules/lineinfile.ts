// Sees to it that a line is in a text file, or is not.

import { defineModule, ModuleFailure, type Plan } from '../engine/module/contract.ts';
import { askEdited, EDIT_ARGS, editedFile, mustBeThere, planEdited } from './shared/editing.ts';
import { putLine, removeLines } from './shared/lines.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sees to it that a line is in a text file, or is not.',
    notes: [
      '`regexp` finds the line to replace; write it so that it also matches the line as it will be.',
      'Expressions are in the language of Python.',
    ],
    examples: `- name: No password logins
  lineinfile:
    path: /etc/ssh/sshd_config
    regexp: '^#?PasswordAuthentication'
    line: PasswordAuthentication no
    validate: sshd -t -f %s

- name: A name for an address
  ansible.builtin.lineinfile:
    path: /etc/hosts
    search_string: '127.0.1.1'
    line: 127.0.1.1 {{ inventory_hostname }}
    insertafter: '^127\\.0\\.0\\.1'
    owner: root
    mode: "0644"

- name: Nobody from there
  lineinfile:
    path: /etc/hosts.allow
    regexp: '^ALL: 10\\.'
    state: absent
`,
    returns: {
      msg: 'What was done.',
      backup: 'The name of the kept old file, or nothing.',
      found: 'How many lines were removed (absent).',
    },
  },
  schema: {
    ...EDIT_ARGS,
    line: { type: 'str', aliases: ['value'], doc: 'The line.' },
    regexp: { type: 'str', aliases: ['regex'], doc: 'Expression that finds the line; the last match counts.' },
    search_string: { type: 'str', doc: 'Text that finds the line, instead of an expression.' },
    state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether it is to be there.' },
    insertafter: { type: 'str', doc: 'Expression of the line after which to insert, `EOF`, or `BOF`.' },
    insertbefore: { type: 'str', doc: 'Expression of the line before which to insert, or `BOF`.' },
    backrefs: {
      type: 'bool',
      default: false,
      doc: 'Fill `\\1` and the like in `line` from the match; no match, no change.',
    },
    firstmatch: { type: 'bool', default: false, doc: 'The first match counts, not the last.' },
    create: { type: 'bool', default: false, doc: 'Make the file if it is missing.' },
  },
  rules: {
    mutuallyExclusive: [
      ['insertbefore', 'insertafter'],
      ['regexp', 'search_string'],
      ['backrefs', 'search_string'],
    ],
  },
  inspect: (args) => askEdited(args),
  plan(args, seen, site): Plan {
    checkArguments(args);
    const file = editedFile(seen);
    if (args.state === 'absent') {
      if (file.state === undefined && !file.unknown)
        return { kind: 'plan', actions: [], data: { msg: 'file not present' } };
      const edit = removeLines(file.text, args);
      return told(planEdited(file, { ...edit, data: { found: edit.found ?? 0 } }, args, seen, site.diff), args);
    }
    if (!args.create) mustBeThere(file, 'Destination');
    return told(planEdited(file, putLine(file.text, args), args, seen, site.diff), args);
  },
});

/** As Ansible tells it: the kept file under the name of the argument, and expressions that match whatever is there. */
function told(
  plan: Plan,
  args: { readonly regexp?: string | undefined; readonly search_string?: string | undefined },
): Plan {
  const empty = args.regexp === '' ? 'regular expression' : args.search_string === '' ? 'search string' : undefined;
  return {
    ...plan,
    data: { ...plan.data, backup: '' },
    conclude(outputs) {
      const kept = outputs.find((output) => typeof output.data['backup_file'] === 'string');
      return kept === undefined ? {} : { backup: kept.data['backup_file']! };
    },
    ...(empty === undefined ? {} : { warnings: [matchesAll(empty)] }),
  };
}

function matchesAll(what: string): string {
  const instead =
    what === 'regular expression'
      ? " If this is desired, use '^' to match every line in the file and avoid this warning."
      : '';
  return `The ${what} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.${instead}`;
}

function checkArguments(args: {
  readonly state: string;
  readonly line?: string | undefined;
  readonly regexp?: string | undefined;
  readonly search_string?: string | undefined;
  readonly backrefs: boolean;
}): void {
  if (args.state === 'absent') {
    if (args.regexp === undefined && args.search_string === undefined && args.line === undefined) {
      throw new ModuleFailure('one of line, search_string, or regexp is required with state=absent');
    }
    return;
  }
  if (args.backrefs && args.regexp === undefined) throw new ModuleFailure('regexp is required with backrefs=true');
  if (args.line === undefined) throw new ModuleFailure('line is required with state=present');
}
