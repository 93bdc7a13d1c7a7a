// Whose signature a commit or tag bears.

import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import type { GitArgs } from './args.ts';

/** Fails unless what is checked out is signed, by one of those whose signatures count. */
export function verifyScript(args: GitArgs): Script {
  const failed = raw(sh`{ echo ${`Failed to verify GPG signature of commit/tag "${args.version}"`} >&2; exit 1; }`);
  return lines(
    sh`if [ "$(w cat-file -t ${args.version} 2>/dev/null)" = tag ]; then signed=$(w verify-tag --raw ${args.version} 2>&1) || ${failed}
else signed=$(w verify-commit --raw HEAD 2>&1) || ${failed}; fi`,
    args.gpg_allowlist.length > 0 &&
      sh`key=$(printf '%s\n' "$signed" | awk '$2 == "VALIDSIG" { print $NF; exit }'); for allowed in ${args.gpg_allowlist}; do [ "$key" = "$allowed" ] && break; allowed=; done
[ -n "$allowed" ] || { echo "The gpg_allowlist does not include the public key \"$key\" for this commit" >&2; exit 1; }`,
  );
}
