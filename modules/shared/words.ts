// Command lines split into words by the rules of a shell, without running one: what Python's shlex does.

import { ModuleFailure } from '../../engine/module/contract.ts';

/** The words of a command line. Throws ModuleFailure on an open quote or a trailing backslash, with shlex's words. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) throw new ModuleFailure('No closing quotation');
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(line.slice(at));
      if (quoted === null) throw new ModuleFailure('No closing quotation');
      word = (word ?? '') + quoted[1]!.replace(/\\(["\\])/g, '$1');
      at += quoted[0].length - 1;
    } else if (character === '\\') {
      if (at + 1 >= line.length) throw new ModuleFailure('No escaped character');
      word = (word ?? '') + line[++at]!;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
