// Brings a repository's version to a folder of the host.

import type { JsonObject } from '../engine/model/value.ts';
import {
  ABSENT,
  defineModule,
  ModuleFailure,
  type Observed,
  type Plan,
  type StepResult,
} from '../engine/module/contract.ts';
import { outputText } from './shared/bytes.ts';
import { type GitArgs, isHash } from './shared/git/args.ts';
import { askGit, type Copy, copyOf, type Remote, remoteOf } from './shared/git/asking.ts';
import { cloneScript, updateScript } from './shared/git/work.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Brings a version of a git repository to a folder.',
    notes: ['The host needs git, and ssh for addresses that ask for it.', 'git never asks for a password: use keys.'],
    examples: `- name: The newest of the default branch
  git:
    repo: https://example.org/app.git
    dest: /srv/app

- name: A release, and nothing of its past
  ansible.builtin.git:
    repo: git@example.org:app.git
    dest: /srv/app
    version: v1.2
    depth: 1
    key_file: /root/.ssh/deploy
    accept_newhostkey: true
`,
    returns: {
      before: 'The commit that was there, or null.',
      after: 'The commit that is there.',
      remote_url_changed: 'Was the address another one?',
      msg: 'What became of local changes.',
    },
  },
  schema: {
    repo: { type: 'str', required: true, aliases: ['name'], doc: 'Address of the repository.' },
    dest: { type: 'path', required: true, doc: 'The folder.' },
    version: { type: 'str', default: 'HEAD', doc: 'Branch, tag or commit; `HEAD` for the default branch.' },
    remote: { type: 'str', default: 'origin', doc: 'What the copy calls the repository.' },
    force: { type: 'bool', default: false, doc: 'Throw local changes away.' },
    update: { type: 'bool', default: true, doc: 'Fetch what is new.' },
    clone: { type: 'bool', default: true, doc: 'Make the copy if there is none.' },
    bare: { type: 'bool', default: false, doc: 'A copy without a working tree.' },
    recursive: { type: 'bool', default: true, doc: 'With submodules.' },
    track_submodules: { type: 'bool', default: false, doc: "Submodules follow their remotes' branches." },
    single_branch: { type: 'bool', default: false, doc: 'Clone only the branch.' },
    depth: { type: 'int', doc: 'How many commits of the past to have.' },
    refspec: { type: 'str', doc: 'A further refspec to fetch.' },
    reference: { type: 'str', doc: 'A repository on the host whose objects are shared.' },
    separate_git_dir: { type: 'path', doc: 'Where the repository lies, apart from its files.' },
    accept_hostkey: { type: 'bool', default: false, doc: 'Trust any host key.' },
    accept_newhostkey: { type: 'bool', default: false, doc: 'Trust host keys that are not known yet.' },
    key_file: { type: 'path', aliases: [], doc: 'Private key for ssh.' },
    ssh_opts: { type: 'str', doc: 'Further options of ssh.' },
    executable: { type: 'path', doc: 'The program.' },
    umask: { type: 'raw', doc: 'umask for what is written.' },
    verify_commit: { type: 'bool', default: false, doc: 'The commit or tag has to be signed.' },
    gpg_allowlist: {
      type: 'list',
      elements: 'str',
      default: [],
      aliases: ['gpg_whitelist'],
      doc: 'Fingerprints whose signatures count.',
    },
    archive: { type: 'path', doc: 'File to pack the version into: zip, tar, tar.gz or tgz.' },
    archive_prefix: { type: 'str', doc: 'Folder within it.' },
  },
  rules: {
    mutuallyExclusive: [
      ['separate_git_dir', 'bare'],
      ['accept_hostkey', 'accept_newhostkey'],
    ],
    requiredBy: { archive_prefix: ['archive'] },
  },
  inspect: (args) => askGit(args),
  plan(args, seen): Plan {
    check(args);
    const copy = copyOf(seen);
    const remote = remoteOf(seen, args.version);
    if (seen.get('command:git') === ABSENT)
      throw new ModuleFailure('Failed to find required executable "git" in paths');
    if (!copy.exists) return planClone(args, copy, remote, seen);
    return planUpdate(args, copy, remote, seen);
  },
});

function check(args: GitArgs): void {
  if (args.archive !== undefined && !/\.(?:zip|tar\.gz|tgz|tar)$/.test(args.archive)) {
    throw new ModuleFailure(`Unable to get file extension from archive file name : ${args.archive}`, {
      details:
        "Please specify archive as filename with extension. File extension can be one of ['tar', 'tar.gz', 'zip', 'tgz']",
    });
  }
  const { umask } = args;
  if (umask !== undefined && typeof umask !== 'string')
    throw new ModuleFailure('umask must be defined as a quoted octal integer');
  if (typeof umask === 'string' && !/^(?:0o?)?[0-7]+$/.test(umask))
    throw new ModuleFailure('umask must be an octal integer');
  if (args.verify_commit && args.bare) throw new ModuleFailure('verify_commit has nothing to verify in a bare copy');
}

/** The commit that the version is on the remote; undefined when only git on the host can tell. */
function wantedCommit(args: GitArgs, remote: Remote | undefined): string | undefined {
  if (remote === undefined) return undefined;
  if (args.version === 'HEAD') return remote.head;
  return remote.branch ?? remote.tag ?? (/^[0-9a-f]{40}$/.test(args.version) ? args.version : undefined);
}

function refuse(args: GitArgs, remote: Remote | undefined): void {
  if (remote === undefined || remote.rc === 0) return;
  throw new ModuleFailure(remote.error.trim(), {
    rc: remote.rc,
    stderr: remote.error,
    stdout: '',
    cmd: `git ls-remote ${args.repo} -h HEAD`,
  });
}

function planClone(args: GitArgs, copy: Copy, remote: Remote | undefined, seen: Observed): Plan {
  refuse(args, remote);
  const after = wantedCommit(args, remote) ?? null;
  const data: JsonObject = { before: null, after };
  if (!args.clone) {
    // Nothing is made, and yet it counts as a change: so it does in Ansible.
    const of = `clone:${copy.dest}` as const;
    const action = {
      changes: [{ of, before: ABSENT, after }],
      step: { effect: { kind: 'sleep' as const, seconds: 0 } },
    };
    return { kind: 'plan', actions: [action], data };
  }
  if (copy.occupied) {
    throw new ModuleFailure(`fatal: destination path '${copy.dest}' already exists and is not an empty directory.`, {
      rc: 128,
    });
  }
  const brings = args.bare ? [] : [{ of: `file:${copy.dest}/*` as const, as: {}, sure: false }];
  return {
    kind: 'plan',
    actions: [
      {
        changes: [
          {
            of: `repository:${copy.dest}`,
            before: ABSENT,
            after: { head: after, url: String(seen.get('fact:repo') ?? args.repo) },
            brings,
          },
          { of: `file:${copy.dest}`, before: ABSENT, after: { type: 'directory' } },
        ],
        step: { run: cloneScript(args, remote), failure: `could not clone ${args.repo}` },
      },
    ],
    data,
    conclude: ([output]) => {
      const submodules = outputText(output!.stdout).includes('\nsubmodules');
      return { after: headOf(output!), ...(submodules ? { submodules_changed: true } : {}) };
    },
  };
}

function planUpdate(args: GitArgs, copy: Copy, remote: Remote | undefined, seen: Observed): Plan {
  const before = copy.head ?? null;
  if (!args.update && !copy.archiveDiffers) return { kind: 'plan', actions: [], data: { before, after: before } };
  if (args.update && copy.modified && !args.force) {
    throw new ModuleFailure(`Local modifications exist in the destination: ${copy.dest} (force=no).`, { before });
  }
  const urlChanged = copy.url !== copy.repo;
  const wanted = wantedCommit(args, remote);
  const isThere =
    wanted === copy.head || (isHash(args.version) && (copy.head?.startsWith(args.version.toLowerCase()) ?? false));
  if (!isThere) refuse(args, remote);
  const fetches = args.update && (!isThere || urlChanged || copy.submodulesDiffer || args.track_submodules);
  const message: JsonObject =
    copy.modified && args.update ? { msg: `Local modifications exist in the destination: ${copy.dest}` } : {};
  const data: JsonObject = {
    before,
    after: fetches ? (wanted ?? null) : before,
    ...(args.update ? { remote_url_changed: urlChanged } : {}),
    ...message,
  };
  const nothing = isThere && !urlChanged && !copy.modified && !copy.submodulesDiffer && !copy.archiveDiffers;
  if (nothing && !args.track_submodules) {
    const unverified = seen.get('fact:unverified');
    if (unverified !== undefined) throw new ModuleFailure(String(unverified));
    return { kind: 'plan', actions: [], data };
  }
  const changes = [
    {
      of: `repository:${copy.dest}` as const,
      before: { head: before, url: copy.url },
      after: { head: wanted ?? before, url: copy.repo },
    },
    ...(copy.archiveDiffers ? [{ of: `file:${args.archive!}` as const, before: ABSENT, after: {} }] : []),
  ];
  const moved = urlChanged || copy.modified || copy.submodulesDiffer || copy.archiveDiffers;
  return {
    kind: 'plan',
    actions: [
      {
        changes,
        changedBy: (output) => moved || headOf(output) !== before,
        step: { run: updateScript(args, copy, remote, fetches), failure: `could not update ${copy.dest}` },
      },
    ],
    data,
    conclude: ([output]) => ({
      after: headOf(output!),
      ...(copy.submodulesDiffer ? { submodules_changed: true } : {}),
    }),
  };
}

function headOf(output: StepResult): string {
  return outputText(output.stdout).trim().split('\n')[0]!;
}
