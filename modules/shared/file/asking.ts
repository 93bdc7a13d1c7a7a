// What the file module asks the host, in one script: the path, what is behind it, what a link is to lead to, what is above
// it, and beneath it when attributes go down a tree.

import type { Question } from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { askAttributes, WHOAMI } from '../attributes.ts';
import { askAncestors } from '../folders.ts';
import { glanceAt, LOOK, readLook } from '../look.ts';
import { pathWord } from '../path.ts';
import { askBeneath } from './recursion.ts';
import { askTimes } from './times.ts';
import type { PathArgs } from './wanted.ts';

export function askPath(args: PathArgs, showsDiff: boolean): Question {
  const script: Script = lines(
    sh`g=${pathWord(args.path)}; f=$g`,
    glanceAt('"$g"', { key: 'path', behind: true }),
    args.src !== undefined && askSource(args.src),
    args.follow &&
      sh`if [ -L "$g" ]; then f=$(readlink -f "$g" 2>/dev/null; echo .); f=\${f%?}; f=\${f%?}; [ -n "$f" ] || f=$g; fi`,
    sh`if ! [ -e "$f" ]; then ${raw(WHOAMI)}
${raw(askAncestors('up', '"$f"'))}; fi`,
    askAttributes(args, raw('"$f"')),
    askTimes(args),
    args.recurse && askBeneath(args.follow),
    args.state === 'absent' &&
      showsDiff &&
      sh`if [ -d "$g" ] && ! [ -L "$g" ]; then
printf '%s\0' list folders; find "$g" -type d -exec printf '%s\0' {} +; printf '\0'
printf '%s\0' list others; find "$g" ! -type d -exec printf '%s\0' {} +; printf '\0'; fi`,
    (args.state === 'link' || args.state === 'hard') &&
      sh`if [ -d "$g" ] && ! [ -L "$g" ]; then printf '%s\0' fact inside "$(ls -A "$g" 2>/dev/null | head -n 1)"; fi`,
  );
  return { kind: 'question', script, uses: [LOOK], read: readLook };
}

/** A link's source, as the link will see it, and as a path of its own. */
function askSource(src: string): Script {
  return sh`s=${pathWord(src)}
printf '%s\0' fact src "$s"
case $s in /*) r=$s ;; *) if [ -d "$g" ] && ! [ -L "$g" ]; then r=$g/$s; else case $g in */*) r=\${g%/*}/$s ;; *) r=$s ;; esac; fi ;; esac
look src "$r" lL- 0
look bare "$s" - 0
if [ -d "$g" ]; then case $s in */*) b=\${s##*/} ;; *) b=$s ;; esac; look inside "$g/$b" l- 0; fi`;
}
