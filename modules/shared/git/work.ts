// The scripts by which git gets a working copy to the wanted version.

import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { pathWord } from '../path.ts';
import { type GitArgs, preamble } from './args.ts';
import { archiveOptions, type Copy, type Remote } from './asking.ts';
import { verifyScript } from './verify.ts';

/** A new copy. */
export function cloneScript(args: GitArgs, remote: Remote | undefined): Script {
  const named = remote?.branch !== undefined || remote?.tag !== undefined;
  const options = [
    ...(args.bare ? ['--bare'] : []),
    '--origin',
    args.remote,
    ...(args.depth === undefined || args.refspec !== undefined ? [] : ['--depth', args.depth]),
    ...(named && (args.depth !== undefined || args.single_branch || remote?.branch !== undefined)
      ? ['--branch', args.version]
      : []),
    ...(args.single_branch ? ['--single-branch'] : []),
  ];
  return lines(
    opening(args),
    sh`mkdir -p "$(dirname "$dest")" || exit 1`,
    sh`g clone ${options} ${place('--reference', args.reference)} ${place('--separate-git-dir', args.separate_git_dir)} "$repo" "$dest" || exit 1`,
    args.bare && args.remote !== 'origin' && sh`w remote add ${args.remote} "$repo" 2>/dev/null`,
    args.refspec !== undefined && sh`w fetch ${depth(args)} ${args.remote} ${args.refspec} || exit 1`,
    !args.bare && checkout(args, remote, true),
    closing(args),
  );
}

/** An existing copy: address, local changes, new commits, the version, submodules. */
export function updateScript(args: GitArgs, copy: Copy, remote: Remote | undefined, fetches: boolean): Script {
  const moves = args.separate_git_dir !== undefined;
  return lines(
    opening(args),
    moves &&
      sh`new=${pathWord(args.separate_git_dir!)}; [ "$(cd "$dest" && cd "$(g rev-parse --git-dir)" && pwd)" = "$new" ] || w init -q --separate-git-dir "$new" || exit 1`,
    copy.url !== copy.repo &&
      (copy.url === ''
        ? sh`w remote add ${args.remote} "$repo" || exit 1`
        : sh`w remote set-url ${args.remote} "$repo" || exit 1`),
    copy.modified && sh`w reset -q --hard HEAD || exit 1`,
    fetches && fetchScript(args, remote),
    fetches && !args.bare && checkout(args, remote, false),
    closing(args),
  );
}

function opening(args: GitArgs): Script {
  const umask =
    args.umask === undefined ? '' : typeof args.umask === 'number' ? `0${args.umask.toString(8)}` : String(args.umask);
  return lines(preamble(args), umask !== '' && sh`umask ${umask}`, sh`exec 3>&1 1>&2`);
}

function place(option: string, path: string | undefined): ReturnType<typeof raw> {
  return raw(path === undefined ? '' : sh`${option} ${pathWord(path)}`);
}

function depth(args: GitArgs): (string | number)[] {
  return args.depth === undefined ? [] : ['--depth', args.depth];
}

function fetchScript(args: GitArgs, remote: Remote | undefined): Script {
  const force = args.force ? ['--force'] : [];
  const extra = args.refspec === undefined ? [] : [args.refspec];
  if (args.bare) {
    return sh`w fetch ${force} ${depth(args)} --tags ${args.remote} '+refs/heads/*:refs/heads/*' ${extra} || exit 1`;
  }
  if (args.depth !== undefined && remote !== undefined) {
    const branch =
      args.version === 'HEAD' ? remote.defaultBranch : remote.branch === undefined ? undefined : args.version;
    const spec =
      branch !== undefined
        ? `+refs/heads/${branch}:refs/remotes/${args.remote}/${branch}`
        : remote.tag !== undefined
          ? `+refs/tags/${args.version}:refs/tags/${args.version}`
          : undefined;
    if (spec !== undefined) return sh`w fetch ${force} ${depth(args)} ${args.remote} ${spec} ${extra} || exit 1`;
  }
  // Tags are fetched apart: with a refspec named, --tags would be all that is fetched by old versions.
  return lines(
    sh`w fetch ${force} ${depth(args)} ${args.remote} || exit 1`,
    sh`w fetch ${force} --tags ${args.remote} ${extra} || exit 1`,
  );
}

/** Switches to the version. A branch follows the remote's; anything else is a commit of its own. */
function checkout(args: GitArgs, remote: Remote | undefined, fresh: boolean): Script {
  const { version, remote: name } = args;
  const branch = version === 'HEAD' ? remote?.defaultBranch : remote?.branch === undefined ? undefined : version;
  const failed = raw(sh`{ echo ${`Failed to checkout ${branch ?? version}`} >&2; exit 1; }`);
  if (branch !== undefined) {
    if (fresh && version === 'HEAD') return submodules(args);
    return lines(
      sh`if w show-ref -q --verify ${`refs/heads/${branch}`}; then w checkout -q --force ${branch} -- || ${failed}
else w checkout -q --force --track -b ${branch} ${`${name}/${branch}`} -- || ${failed}; fi`,
      sh`w reset -q --hard ${`${name}/${branch}`} -- || { echo ${`Failed to reset to ${name}/${branch}`} >&2; exit 1; }`,
      submodules(args),
    );
  }
  if (version === 'HEAD') return lines(!fresh && sh`w reset -q --hard FETCH_HEAD || ${failed}`, submodules(args));
  return lines(sh`w checkout -q --force ${version} || ${failed}`, submodules(args));
}

function submodules(args: GitArgs): Script {
  if (!args.recursive) return sh`:`;
  const track = args.track_submodules ? ['--remote'] : [];
  return sh`if [ -f "$dest/.gitmodules" ]; then w submodule -q sync && w submodule -q update --init --recursive ${args.force ? ['--force'] : []} ${track} || { echo 'Failed to init/update submodules' >&2; exit 1; }; fi`;
}

function closing(args: GitArgs): Script {
  return lines(
    args.verify_commit && verifyScript(args),
    args.archive !== undefined && sh`w archive ${archiveOptions(args)} -o ${args.archive} HEAD || exit 1`,
    sh`w rev-parse HEAD >&3`,
    args.recursive && !args.bare && sh`[ ! -f "$dest/.gitmodules" ] || echo submodules >&3`,
  );
}
