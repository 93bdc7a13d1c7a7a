// Puts files and folders of the controller, text, or files that are on the host already, in their place on the host.

import type { Json } from '../engine/model/value.ts';
import {
  defineModule,
  type LocalFile,
  type LocalFolder,
  ModuleFailure,
  type Observed,
  type Plan,
  type Site,
} from '../engine/module/contract.ts';
import { sourceOf } from '../engine/module/source.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { asText } from './shared/json.ts';
import { basename } from './shared/path.ts';
import { askPlace, type Placing, planPlace } from './shared/placing.ts';
import { askRemote, planRemote } from './shared/remote.ts';
import { askTree, planTree } from './shared/tree.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Puts files, folders or text on the host.',
    notes: [
      'Sources are looked up in `files/` beside the role and the playbook, unless `remote_src` says that they are on the host.',
      'A folder with a trailing slash is copied without its own name.',
    ],
    examples: `- name: One file, with its attributes
  copy:
    src: sudoers
    dest: /etc/sudoers.d/deploy
    owner: root
    group: root
    mode: "0440"
    validate: /usr/sbin/visudo -csf %s

- name: Text
  ansible.builtin.copy:
    content: "{{ motd }}"
    dest: /etc/motd
    backup: true

- name: A file that is there already
  copy:
    src: /etc/ssh/sshd_config
    dest: /etc/ssh/sshd_config.orig
    remote_src: true
    mode: preserve
`,
    returns: {
      dest: 'Where it is.',
      src: 'Where it came from.',
      checksum: 'sha1 of the content.',
      md5sum: 'md5 of the content.',
      backup_file: 'The name of the kept old file, with `backup`.',
      mode: 'Its mode.',
      owner: 'Its owner.',
      group: 'Its group.',
      uid: 'Number of its owner.',
      gid: 'Number of its group.',
      size: 'Bytes.',
      state: '`file` or `directory`.',
    },
  },
  schema: {
    src: {
      type: 'path',
      file: 'files',
      fileUnless: 'remote_src',
      doc: 'File or folder, of the controller or (`remote_src`) of the host.',
    },
    content: { type: 'raw', doc: 'Text for the file, instead of `src`; anything else is written as JSON.' },
    dest: { type: 'path', required: true, doc: 'Where it goes. A trailing slash means a folder, made if missing.' },
    ...FILE_ARGS,
    mode: { type: 'raw', doc: 'Permissions, octal or symbolic; `preserve` for those of the source.' },
    directory_mode: { type: 'raw', doc: 'Permissions of folders that are made.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one.' },
    force: { type: 'bool', default: true, doc: 'Replace a file that is there and differs.' },
    follow: { type: 'bool', default: false, doc: 'Write what a link leads to instead of replacing the link.' },
    local_follow: {
      type: 'bool',
      default: true,
      doc: 'Copy what links in a source folder lead to instead of the links.',
    },
    remote_src: { type: 'bool', default: false, doc: 'The source is on the host.' },
    checksum: { type: 'str', doc: 'sha1 that the source must have.' },
    validate: { type: 'str', doc: 'Command that judges the new file, named %s in it, before it takes its place.' },
    decrypt: { type: 'bool', default: true, doc: 'Decrypt a source that is vaulted.' },
  },
  inspect(args, site) {
    const { src } = args;
    if (typeof src === 'string' && args.content === undefined) return askRemote({ ...args, src }, site);
    if (isFolder(src)) return askTree({ ...args, src });
    return askPlace(placing(args), site);
  },
  plan(args, seen, site) {
    const { src } = args;
    if (src === undefined && args.content === undefined) throw new ModuleFailure('src (or content) is required');
    if (src !== undefined && args.content !== undefined)
      throw new ModuleFailure('src and content are mutually exclusive');
    if (args.content !== undefined && args.dest.endsWith('/'))
      throw new ModuleFailure('can not use content with a dir as dest');
    if (typeof src === 'string') return planRemote({ ...args, src }, seen, site);
    if (isFolder(src)) return planTree({ ...args, src }, seen);
    return planOne(args, seen, site);
  },
});

function isFolder(src: LocalFile | LocalFolder | string | undefined): src is LocalFolder {
  return typeof src === 'object' && src.type === 'directory';
}

interface Args extends Omit<Placing['args'], 'mode'> {
  readonly src?: LocalFile | LocalFolder | string | undefined;
  readonly content?: Json | undefined;
  readonly dest: string;
  readonly mode?: Json | undefined;
  readonly directory_mode?: Json | undefined;
  readonly checksum?: string | undefined;
}

function planOne(args: Args, seen: Observed, site: Site): Plan {
  const file = localFile(args.src);
  const source = file ?? sourceOf(asText(args.content ?? ''));
  if (args.checksum !== undefined && args.checksum !== source.sha1) {
    throw new ModuleFailure('Copied file does not match the expected checksum. Transfer failed.', {
      checksum: source.sha1,
      expected_checksum: args.checksum,
    });
  }
  return planPlace(placing(args), source, seen, site, { header: file?.path });
}

function localFile(src: Args['src']): LocalFile | undefined {
  return typeof src === 'object' && src.type === 'file' ? src : undefined;
}

function placing(args: Args): Placing {
  const file = localFile(args.src);
  const mode = args.mode === 'preserve' ? file?.mode : args.mode;
  return {
    dest: args.dest,
    name: file === undefined ? undefined : basename(file.path),
    args: { ...args, mode },
    directoryMode: args.directory_mode,
  };
}
