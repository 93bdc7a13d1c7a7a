// What unarchive asks: the places first, then what the archive would change, member by member.

import type { Json } from '../../../engine/model/value.ts';
import { ModuleFailure, type Question } from '../../../engine/module/contract.ts';
import { toText } from '../../../engine/module/schema.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { outputText } from '../bytes.ts';
import { glance, LOOK, readLook } from '../look.ts';
import { pathWord } from '../path.ts';
import { isAddress, type Packed, unpacking, uploads, workplace } from './unpack.ts';

export interface Unpacking extends Packed {
  readonly dest: string;
  readonly creates?: string | undefined;
  readonly list_files: boolean;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: Json | undefined;
}

/** A mode as chmod takes it. */
export function modeWord(mode: Json): string {
  return typeof mode === 'number' ? mode.toString(8) : toText(mode);
}

/** Where things are; for an archive of the host also what it would change, all in one script. */
export function askPlaces(args: Unpacking): Question {
  const here = typeof args.src === 'string';
  const script = lines(
    sh`dest=${pathWord(args.dest)}`,
    glance({ key: 'dest', path: args.dest, follow: true }),
    sh`if [ -d "$dest" ]; then printf '%s\0' fact inside "$(ls -A "$dest" 2>/dev/null | head -n 1)"; fi`,
    args.creates !== undefined && glance({ key: 'creates', path: args.creates }),
    args.owner !== undefined && !/^\d+$/.test(args.owner) && sh`look_user ${args.owner}`,
    args.group !== undefined && !/^\d+$/.test(args.group) && sh`look_group ${args.group}`,
    here && !isAddress(args.src) && glance({ key: 'src', path: String(args.src), follow: true }),
    here && (args.creates === undefined ? sh`` : sh`if [ -e ${pathWord(args.creates)} ]; then exit 0; fi`),
    here && !isAddress(args.src) && sh`[ -f ${pathWord(String(args.src))} ] || exit 0`,
    here && sh`[ -d "$dest" ] || exit 0`,
    here && compared(args),
  );
  return { kind: 'question', script, uses: [LOOK], read: (answer) => reading(args, answer) };
}

/** What an archive of the controller would change: it goes up for that. */
export function askCompared(args: Unpacking): Question {
  return {
    kind: 'question',
    script: lines(sh`dest=${pathWord(args.dest)}`, compared(args)),
    uses: [LOOK],
    scratch: uploads(args),
    read: (answer) => reading(args, answer),
  };
}

function reading(args: Unpacking, answer: Parameters<Question['read']>[0]): ReturnType<Question['read']> {
  const said = outputText(answer.stderr).trim();
  if (answer.rc === 3) throw new ModuleFailure(said);
  if (answer.rc === 4) {
    const name = typeof args.src === 'string' ? args.src : args.src.path;
    throw new ModuleFailure(
      `Failed to find handler for "${name}". Make sure the required command to extract the file is installed.\n${said}`,
    );
  }
  return readLook(answer);
}

/** Unpacks aside and lists every member: kind, whether it differs, name. */
function compared(args: Unpacking): Script {
  const checks = [
    args.owner === undefined ? '' : '[ -z "$(find "$t" -prune ! -user "$o" 2>/dev/null)" ] || d=1; ',
    args.group === undefined ? '' : '[ -z "$(find "$t" -prune ! -group "$g" 2>/dev/null)" ] || d=1; ',
    args.mode === undefined
      ? ''
      : '[ "$k" = l ] || [ "$(stat -c %a "$f" 2>/dev/null)" = "$(stat -c %a "$t" 2>/dev/null)" ] || d=1; ',
  ].join('');
  const newer = args.keep_newer ? 'if [ "$k" = f ] && [ "$t" -nt "$f" ]; then d=0; fi; ' : '';
  const each = `dest=$1 o=$2 g=$3; shift 3
for f; do [ "$f" != . ] || continue
t=$dest/$f d=0
if [ -L "$f" ]; then k=l; [ "$(readlink "$f")" = "$(readlink "$t" 2>/dev/null)" ] || d=1
elif [ -d "$f" ]; then k=d; [ -d "$t" ] || d=1
else k=f; cmp -s "$f" "$t" || d=1; fi
${newer}${checks}printf '%s%s%s\\0' "$k" "$d" "\${f#./}"
done`;
  return lines(
    workplace(args),
    unpacking(args),
    args.mode !== undefined &&
      sh`find "$into" ! -type l ! -path "$into" -exec chmod ${modeWord(args.mode)} {} + || exit 1`,
    sh`case $dest in /*) ;; *) dest=$PWD/$dest ;; esac
printf '%s\0' fact handler "$handler"
printf '%s\0' list members; cd "$into" && find . -exec sh -c ${each} sh "$dest" ${args.owner ?? ''} ${args.group ?? ''} {} +; printf '\0'`,
  );
}
