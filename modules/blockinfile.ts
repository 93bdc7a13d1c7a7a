// Keeps a block of lines in a text file, between two marker lines.

import { defineModule, type Plan } from '../engine/module/contract.ts';
import { setBlock } from './shared/block.ts';
import { askEdited, EDIT_ARGS, editedFile, mustBeThere, planEdited } from './shared/editing.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Keeps a block of lines in a text file, between marker lines.',
    notes: [
      'Two blocks in one file need markers of their own.',
      'Expressions are in the language of Python; with `(?m)` they are matched against the whole text.',
    ],
    examples: `- name: Addresses of the cluster
  blockinfile:
    path: /etc/hosts
    marker: "# {mark} CLUSTER"
    block: |
      10.0.0.1 db
      10.0.0.2 mq

- name: Gone again
  ansible.builtin.blockinfile:
    path: /etc/hosts
    marker: "# {mark} CLUSTER"
    state: absent
`,
    returns: { msg: 'What was done.', backup_file: 'The name of the kept old file, with `backup`.' },
  },
  schema: {
    ...EDIT_ARGS,
    state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether it is to be there.' },
    block: { type: 'str', default: '', aliases: ['content'], doc: 'The lines; nothing removes the block.' },
    marker: {
      type: 'str',
      default: '# {mark} ANSIBLE MANAGED BLOCK',
      doc: 'The lines around the block; `{mark}` becomes `marker_begin` and `marker_end`.',
    },
    marker_begin: { type: 'str', default: 'BEGIN', doc: 'What `{mark}` becomes before the block.' },
    marker_end: { type: 'str', default: 'END', doc: 'What `{mark}` becomes after the block.' },
    insertafter: { type: 'str', doc: 'Expression of the line after which a new block goes, or `EOF`.' },
    insertbefore: { type: 'str', doc: 'Expression of the line before which a new block goes, or `BOF`.' },
    append_newline: { type: 'bool', default: false, doc: 'An empty line after the block.' },
    prepend_newline: { type: 'bool', default: false, doc: 'An empty line before the block.' },
    create: { type: 'bool', default: false, doc: 'Make the file if it is missing.' },
  },
  rules: { mutuallyExclusive: [['insertbefore', 'insertafter']] },
  inspect: (args) => askEdited(args),
  plan(args, seen, site): Plan {
    const file = editedFile(seen);
    if (!args.create) mustBeThere(file);
    const block = args.state === 'present' ? args.block : '';
    const text = setBlock(file.text, { ...args, block });
    const missing = file.state === undefined && !file.unknown;
    if (missing && text === '') return { kind: 'plan', actions: [], data: { msg: '' } };
    const done = missing ? 'File created' : block === '' ? 'Block removed' : 'Block inserted';
    return planEdited(file, { text, msg: text === file.text ? '' : done }, args, seen, site.diff);
  },
});
