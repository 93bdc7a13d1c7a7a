// A folder of a script's own for what it has to hold in files, gone when the script ends. Cheaper than scratch files of the
// engine, which take round trips; a secret comes by the shell's own printf and so is never a word of a process.

import { type Script, sh } from '../../engine/module/sh.ts';

/** Makes `$hold`, readable by its owner only. */
export const HOLD: Script = sh`hold=$(mktemp -d 2>/dev/null) || { hold=/tmp/.hold.$$; ( umask 077; mkdir "$hold" ) || exit 1; }
trap 'rm -rf "$hold"' EXIT`;

/** Writes a file in `$hold`, mode 0600. */
export function holdFile(name: string, text: string): Script {
  return sh`( umask 077; printf '%s' ${text} > "$hold/"${name} )`;
}
