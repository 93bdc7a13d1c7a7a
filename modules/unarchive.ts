// unarchive: unpacks an archive into a folder. What would differ is found by unpacking aside and comparing, so that a run
// that changes nothing says so, and a dry run knows every file.

import {
  ABSENT,
  defineModule,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
} from '../engine/module/contract.ts';
import { askCompared, askPlaces, type Unpacking } from './shared/archive/asking.ts';
import { planUnpacking } from './shared/archive/plan.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { mustSee, seenAt } from './shared/look.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Unpacks an archive on the host: tar, packed in any way that the host can unpack, or zip.',
    notes: [
      'The host needs tar or unzip, and curl or wget for addresses.',
      'Modes are compared only where `mode` is given.',
    ],
    examples: `- name: The release
  unarchive:
    src: app.tgz
    dest: /opt/app
    creates: /opt/app/bin/run
    owner: app

- name: What is on the host already
  ansible.builtin.unarchive:
    src: /srv/app.zip
    dest: /opt/app
    remote_src: true
    exclude: [docs]

- name: From elsewhere
  unarchive:
    src: https://example.org/app.tar.xz
    dest: /opt/app
    remote_src: true
    extra_opts: [--strip-components=1]
`,
    returns: {
      dest: 'The folder.',
      src: 'The archive.',
      handler: 'What unpacked it.',
      files: 'The members (list_files).',
      extract_results: 'What the program said.',
      state: '`directory`.',
      mode: 'Mode of the folder.',
      owner: 'Owner of the folder.',
      group: 'Group of the folder.',
      size: 'Size of the folder.',
    },
  },
  schema: {
    src: {
      type: 'path',
      required: true,
      file: 'files',
      fileUnless: 'remote_src',
      fileIf: 'copy',
      doc: 'The archive: of the controller, or with `remote_src` of the host; then an address, too.',
    },
    dest: { type: 'path', required: true, doc: 'The folder to unpack into; it must be there.' },
    remote_src: { type: 'bool', default: false, doc: 'The archive is on the host already.' },
    copy: { type: 'bool', default: true, doc: 'The old opposite of `remote_src`.' },
    creates: { type: 'path', doc: 'Nothing is done when this is there.' },
    list_files: { type: 'bool', default: false, doc: 'Register the names of the members.' },
    exclude: { type: 'list', elements: 'str', default: [], doc: 'Members to leave out.' },
    include: { type: 'list', elements: 'str', default: [], doc: 'Only these members.' },
    keep_newer: { type: 'bool', default: false, doc: 'Leave files that are newer than those of the archive.' },
    extra_opts: { type: 'list', elements: 'str', default: [], doc: 'Further options of tar or unzip.' },
    io_buffer_size: {
      type: 'int',
      default: 65536,
      doc: 'Has no meaning here: bytes are never handled one buffer at a time.',
    },
    validate_certs: { type: 'bool', default: true, doc: 'Check the certificate of an address.' },
    decrypt: { type: 'bool', default: true, doc: 'Decrypt an archive that is vaulted.' },
    ...FILE_ARGS,
  },
  rules: {
    mutuallyExclusive: [
      ['include', 'exclude'],
      ['copy', 'remote_src'],
    ],
  },
  inspect(args) {
    return askPlaces(args);
  },
  plan(args, seen): Plan | Question {
    refuse(args);
    const skipped = skipReason(args, seen);
    if (skipped !== undefined) return { kind: 'plan', actions: [], skipped, data: { msg: skipped } };
    checkPlaces(args, seen);
    const isEmpty = seen.get('fact:inside') === '';
    const asks = typeof args.src !== 'string' && !seen.has('list:members') && (!isEmpty || args.list_files);
    return asks ? askCompared(args) : planUnpacking(args, seen);
  },
});

/** Throws ModuleFailure, by name, for what is not supported. */
function refuse(args: Unpacking & Readonly<Record<string, unknown>>): void {
  for (const name of ['attributes', 'seuser', 'serole', 'setype', 'selevel']) {
    if (args[name] !== undefined) throw new ModuleFailure(`unarchive: '${name}' is not supported`);
  }
}

function skipReason(args: Unpacking, seen: Observed): string | undefined {
  if (args.creates === undefined) return undefined;
  return mustSee(seen, 'creates').state === undefined ? undefined : `skipped, since ${args.creates} exists`;
}

function checkPlaces(args: Unpacking, seen: Observed): void {
  const { src } = args;
  if (typeof src === 'object' && src.type === 'directory')
    throw new ModuleFailure(`${src.path} is a folder, no archive`);
  const archive = seenAt(seen, 'src');
  if (archive !== undefined && archive.state === undefined && !archive.unknown) {
    throw new ModuleFailure(`Source '${archive.path}' does not exist`);
  }
  const dest = mustSee(seen, 'dest');
  const isFolder =
    dest.unknown || dest.state?.type === 'directory' || (dest.state !== undefined && dest.state.type === undefined);
  if (!isFolder) throw new ModuleFailure(`dest '${dest.path}' must be an existing dir`);
  for (const kind of ['user', 'group'] as const) {
    const name = kind === 'user' ? args.owner : args.group;
    if (name !== undefined && seen.get(`${kind}:${name}`) === ABSENT) {
      throw new ModuleFailure(`${kind === 'user' ? 'chown' : 'chgrp'} failed: failed to look up ${kind} ${name}`);
    }
  }
}
