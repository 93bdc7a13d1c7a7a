// Sees to it that a path is a file, a folder or a link with the attributes it should have, or is gone.

import { defineModule } from '../engine/module/contract.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { planAbsent } from './shared/file/absent.ts';
import { askPath } from './shared/file/asking.ts';
import { planDirectory } from './shared/file/directory.ts';
import { planExisting } from './shared/file/existing.ts';
import { planHard, planLink } from './shared/file/link.ts';
import { planTouch } from './shared/file/touch.ts';
import { wantedState } from './shared/file/wanted.ts';

const DEFAULT_FORMAT = '%Y%m%d%H%M.%S';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Files, folders, links and their attributes.',
    notes: ['Without `state` what is there is kept as it is, and only its attributes are set.'],
    examples: `- name: A folder, with those above it
  file:
    path: /srv/app/data
    state: directory
    owner: app
    group: app
    mode: u=rwx,g=rx,o=

- name: A link
  ansible.builtin.file:
    src: /opt/app-1.2
    path: /opt/app
    state: link

- name: Everything beneath
  file:
    path: /srv/www
    state: directory
    recurse: true
    mode: u=rwX,go=rX

- name: Gone
  file:
    path: /etc/motd
    state: absent
`,
    returns: {
      path: 'The path (file, directory, absent).',
      dest: 'The path (touch, link, hard).',
      src: 'What the link leads to.',
      state: 'What it is.',
      mode: 'Its mode.',
      owner: 'Its owner.',
      group: 'Its group.',
      uid: 'Number of its owner.',
      gid: 'Number of its group.',
      size: 'Bytes.',
    },
  },
  schema: {
    path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The path.' },
    state: {
      type: 'str',
      choices: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
      doc: 'What it is to be; `file` never makes one.',
    },
    src: { type: 'path', doc: 'What a link leads to.' },
    recurse: { type: 'bool', default: false, doc: 'Set the attributes of everything beneath a folder.' },
    force: {
      type: 'bool',
      default: false,
      doc: 'Make a link although its target is missing or a file is in its place.',
    },
    follow: { type: 'bool', default: true, doc: 'Act on what a link leads to.' },
    modification_time: { type: 'str', doc: 'Time of the last change: `preserve`, `now`, or a time in the format.' },
    modification_time_format: {
      type: 'str',
      default: DEFAULT_FORMAT,
      doc: "How the time is written, in strptime's codes.",
    },
    access_time: { type: 'str', doc: 'Time of the last access: `preserve`, `now`, or a time in the format.' },
    access_time_format: { type: 'str', default: DEFAULT_FORMAT, doc: "How the time is written, in strptime's codes." },
    ...FILE_ARGS,
  },
  inspect: (args, site) => askPath(args, site.diff),
  plan(args, seen, site) {
    const state = wantedState(args, seen);
    switch (state) {
      case 'absent':
        return planAbsent(seen, site.diff);
      case 'directory':
        return planDirectory(args, seen);
      case 'touch':
        return planTouch(args, seen);
      case 'link':
        return planLink(args, seen);
      case 'hard':
        return planHard(args, seen);
      case 'file':
        return planExisting(args, seen);
    }
  },
});
