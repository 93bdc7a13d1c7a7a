// Brings a file of the host to the controller.

import { defineModule, ModuleFailure, type Plan } from '../engine/module/contract.ts';
import { glance, lookQuestion, mustSee } from './shared/look.ts';
import { basename, join, normalize } from './shared/path.ts';

const MISSING = 'the remote file does not exist, not transferring, ignored';
const FOLDER = 'remote file is a directory, fetch cannot work on directories';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Brings a file of the host to the controller.',
    notes: ['A dry run skips it, as it does in Ansible.'],
    examples: `- name: Kept apart by host and path, /backup/web1/etc/fstab
  fetch:
    src: /etc/fstab
    dest: /backup

- name: Just the file
  ansible.builtin.fetch:
    src: /var/log/app.log
    dest: /tmp/logs/{{ inventory_hostname }}-app.log
    flat: true
    fail_on_missing: false
`,
    returns: {
      dest: 'Where it is on the controller.',
      checksum: 'sha1 of it there.',
      md5sum: 'md5 of it there.',
      remote_checksum: 'sha1 of it on the host.',
      file: 'The file on the host, when nothing was brought.',
    },
  },
  schema: {
    src: { type: 'str', required: true, doc: 'The file on the host.' },
    dest: {
      type: 'str',
      required: true,
      controllerPath: true,
      doc: 'Folder on the controller; with `flat` the file, or a folder that ends in a slash.',
    },
    flat: { type: 'bool', default: false, doc: "Without the host's name and the file's folders." },
    fail_on_missing: { type: 'bool', default: true, doc: 'Fail when the file is not there.' },
    validate_checksum: { type: 'bool', default: true, doc: 'Compare what arrived with what was sent.' },
  },
  inspect: ({ src }) => lookQuestion(glance({ key: 'src', path: src, sha1: true, follow: true })),
  plan(args, seen, site): Plan {
    const { path, at, state, unknown } = mustSee(seen, 'src');
    if (state?.type === 'directory') {
      if (args.fail_on_missing) throw new ModuleFailure(FOLDER);
      return { kind: 'plan', actions: [], data: { msg: `${FOLDER}, not transferring, ignored` } };
    }
    if (state === undefined && !unknown) {
      if (args.fail_on_missing) throw new ModuleFailure(MISSING);
      return { kind: 'plan', actions: [], data: { file: path, msg: MISSING } };
    }
    const to = destination(args.dest, args.flat, at, site.host);
    const expect = args.validate_checksum ? state?.sha1 : undefined;
    return {
      kind: 'plan',
      actions: [
        {
          changes: [],
          opaque: 'observes',
          changedBy: (output) => output.data['changed'] === true,
          step: { effect: { kind: 'fetch', path: at, to, expect } },
        },
      ],
      pending: { msg: 'check mode not (yet) supported for this module' },
      conclude([output]) {
        const { checksum = null, md5sum = null, changed, to: dest = to } = output!.data;
        const shared = { dest, checksum, md5sum };
        if (changed === true) return { ...shared, remote_checksum: state?.sha1 ?? checksum, remote_md5sum: null };
        return { ...shared, file: path };
      },
    };
  },
});

/** Where the file goes on the controller. */
function destination(dest: string, flat: boolean, path: string, host: string): string {
  if (flat) return dest.endsWith('/') ? join(dest, basename(path)) : dest;
  return normalize(`${dest}/${host}/${resolved(path)}`);
}

/** The path without `..`, which must not lead out of the host's folder. */
function resolved(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
