// The arguments of git, and what they mean for every call of the program.

import type { Json } from '../../../engine/model/value.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { pathWord } from '../path.ts';

export interface GitArgs {
  readonly repo: string;
  readonly dest: string;
  readonly version: string;
  readonly remote: string;
  readonly force: boolean;
  readonly update: boolean;
  readonly clone: boolean;
  readonly bare: boolean;
  readonly recursive: boolean;
  readonly track_submodules: boolean;
  readonly single_branch: boolean;
  readonly depth?: number | undefined;
  readonly refspec?: string | undefined;
  readonly reference?: string | undefined;
  readonly separate_git_dir?: string | undefined;
  readonly accept_hostkey: boolean;
  readonly accept_newhostkey: boolean;
  readonly key_file?: string | undefined;
  readonly ssh_opts?: string | undefined;
  readonly executable?: string | undefined;
  readonly umask?: Json | undefined;
  readonly verify_commit: boolean;
  readonly gpg_allowlist: readonly string[];
  readonly archive?: string | undefined;
  readonly archive_prefix?: string | undefined;
}

/**
 * What every script begins with: `g` runs git without ever asking anybody, `$repo` and `$dest` are the places. A local
 * path becomes a file:// address, as Ansible has it, so that depth works there too.
 */
export function preamble(args: GitArgs): Script {
  const options = [
    ...(args.ssh_opts === undefined ? [] : [args.ssh_opts]),
    ...(args.accept_hostkey ? ['-o StrictHostKeyChecking=no'] : []),
    ...(args.accept_newhostkey ? ['-o StrictHostKeyChecking=accept-new'] : []),
    '-o BatchMode=yes',
  ].join(' ');
  const key =
    args.key_file === undefined
      ? raw('')
      : raw(sh`key=${pathWord(args.key_file)}; set_key=" -i '$key' -o IdentitiesOnly=yes"`);
  return lines(
    sh`repo=${pathWord(args.repo)}; dest=${pathWord(args.dest)}; set_key=`,
    sh`case $repo in /*) [ ! -e "$repo" ] || repo=file://$repo ;; esac`,
    sh`case $dest in /*) ;; *) dest=$PWD/$dest ;; esac`,
    sh`${key}`,
    sh`GIT_SSH_COMMAND="\${GIT_SSH_COMMAND:-ssh} "${options}"$set_key"; GIT_TERMINAL_PROMPT=0; GIT_ASKPASS=true; export GIT_SSH_COMMAND GIT_TERMINAL_PROMPT GIT_ASKPASS`,
    args.key_file === undefined &&
      args.ssh_opts === undefined &&
      !args.accept_hostkey &&
      !args.accept_newhostkey &&
      sh`unset GIT_SSH_COMMAND`,
    sh`g() { ${args.executable === undefined ? 'git' : pathWord(args.executable)} "$@"; }`,
    sh`w() { g -C "$dest" "$@"; }`,
  );
}

/** A version that names a commit by its hash. */
export function isHash(version: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(version);
}
