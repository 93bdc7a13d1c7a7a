// How a file is written: beside the old one, checked, then renamed; refused when the old one is no longer what was
// inspected. One script, the bytes on its stdin.

import { ModuleFailure } from '../model/errors.ts';
import type { ExecResult, Step } from '../module/contract.ts';
import { raw, type Script, sh } from '../module/sh.ts';

export type Put = Extract<Step, { put: string }>;

const INVALID = 93;

/** Exit codes by which the script tells what went wrong. */
const FAULTS: Readonly<Record<number, string>> = {
  90: 'the file was changed by somebody else between look and write; it was left as it is',
  91: 'the folder is not there or cannot be written',
  92: 'not all bytes arrived, or the disk is full; the old file was left as it is',
  94: 'owner, group or mode could not be set; the old file was left as it is',
  95: 'could not put the new file in the place of the old one',
  96: 'could not make a backup',
};

const SHA1 = raw(
  `troupe_sha1() { { sha1sum -- "$1" || shasum -- "$1" || openssl sha1 -r -- "$1"; } 2>/dev/null | { read -r sum rest; printf %s "\${sum#\\\\}"; }; }`,
);

/** The script of a put. It prints the backup's name, if it made one, on its first line. */
export function putScript(put: Put): Script {
  const precondition =
    put.expect === undefined
      ? ''
      : put.expect === null
        ? sh`if [ -e "$dest" ]; then exit 90; fi`
        : sh`now=$(troupe_sha1 "$dest"); if [ -n "$now" ] && [ "$now" != ${put.expect} ]; then exit 90; fi; [ -e "$dest" ] || exit 90`;
  const ownership =
    put.owner === undefined && put.group === undefined
      ? ''
      : sh`chown ${`${put.owner ?? ''}${put.group === undefined ? '' : `:${put.group}`}`} "$side" || exit 94`;
  const mode = put.mode === undefined ? '' : sh`chmod ${put.mode} "$side" || exit 94`;
  const validate =
    put.validate === undefined
      ? ''
      : raw(
          `${put.validate.replaceAll('%s', '"$side"')} >"$side.out" 2>"$side.err" || { echo $?; cat "$side.out"; cat "$side.err" >&2; exit ${INVALID}; }; rm -f "$side.out" "$side.err"`,
        );
  const backup = put.backup
    ? raw(
        `if [ -e "$dest" ]; then keep="$dest.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p "$dest" "$keep" || exit 96; printf '%s\\n' "$keep"; fi`,
      )
    : '';
  const swap = put.unsafe
    ? raw('mv -f "$side" "$dest" 2>/dev/null || cat "$side" >"$dest" || exit 95')
    : raw('mv -f "$side" "$dest" || exit 95');
  return sh`${SHA1}
dest=${put.put}
case $dest in -*) dest=./$dest;; esac
dir=$(dirname "$dest")
[ -d "$dir" ] || exit 91
${raw(String(precondition))}
side=$dir/.troupe-$$-$(basename "$dest" | cut -c1-100)
trap 'rm -f "$side" "$side.out" "$side.err"' EXIT
trap 'exit 92' HUP INT TERM
mask=$(umask); umask 077
if [ -f "$dest" ]; then cp -p "$dest" "$side" || exit 91; cat >"$side" || exit 92
else cat >"$side" || exit 91; umask "$mask"; chmod $(printf '%o' $((0666 & ~0$mask))) "$side"; fi
size=$(wc -c <"$side"); [ "$((size))" = ${put.bytes.size} ] || exit 92
${raw(String(ownership))}
${raw(String(mode))}
${typeof validate === 'string' ? raw(validate) : validate}
${typeof backup === 'string' ? raw(backup) : backup}
${swap}`;
}

/** Understands the answer of a put. Throws ModuleFailure. */
export function readPut(put: Put, answer: ExecResult): { backup_file?: string } {
  const stderr = new TextDecoder().decode(answer.stderr).trim();
  if (answer.rc === INVALID) throw invalid(answer);
  if (answer.rc !== 0) {
    const reason = FAULTS[answer.rc] ?? 'could not be written';
    throw new ModuleFailure(`${put.put}: ${reason}${stderr === '' ? '' : `: ${stderr}`}`, {
      rc: answer.rc,
      path: put.put,
    });
  }
  const backup = new TextDecoder().decode(answer.stdout).trim();
  return backup === '' ? {} : { backup_file: backup };
}

/** The command that judges the new file did not like it: what it said, with the exit code on the first line. */
function invalid(answer: ExecResult): ModuleFailure {
  const [stdout, stderr] = [answer.stdout, answer.stderr].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  const end = stdout.indexOf('\n');
  const status = Number(stdout.slice(0, end));
  return new ModuleFailure(`failed to validate: rc:${status} error:${stderr.trim()}`, {
    exit_status: status,
    stdout: stdout.slice(end + 1),
    stderr,
  });
}
