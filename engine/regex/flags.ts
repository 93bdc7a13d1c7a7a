// Flags within a pattern: `(?im)` at its start, `(?s-i:...)` around a part.

import type { Source } from './source.ts';
import type { Flags } from './tree.ts';

const FLAGS: Readonly<Record<string, keyof Flags | 'unicode' | 'locale'>> = {
  i: 'ignoreCase',
  L: 'locale',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
  u: 'unicode',
};
const LETTER = /^\p{L}$/u;

/** Is the sign the letter of a flag? */
export function isFlag(sign: string): boolean {
  return sign in FLAGS;
}

/** The flags that start with a sign just read, up to `)`, where they are for the whole pattern, or `:`. Throws a RegexFault. */
export function readFlags(start: string, flags: Flags, source: Source): { changed: Flags; whole: boolean } {
  const changed: Record<keyof Flags, boolean> = { ...flags };
  const added = new Set<string>();
  let sign = start;
  while (isFlag(sign)) {
    set(sign, true, changed, source);
    added.add(sign);
    if (added.has('a') && added.has('u'))
      source.fail("bad inline flags: flags 'a', 'u' and 'L' are incompatible", source.at);
    sign = next(source, 'missing -, : or )');
    if (sign === ')') return { changed, whole: true };
    if (!isFlag(sign) && sign !== '-' && sign !== ':') unknown(sign, 'missing -, : or )', source);
  }
  if (sign === '-') {
    sign = next(source, 'missing flag');
    if (!isFlag(sign)) unknown(sign, 'missing flag', source);
    while (isFlag(sign)) {
      if ('aLu'.includes(sign)) source.fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", source.at);
      if (added.has(sign)) source.fail('bad inline flags: flag turned on and off', source.at);
      set(sign, false, changed, source);
      sign = next(source, 'missing :');
    }
    if (sign !== ':') unknown(sign, 'missing :', source);
  }
  return { changed, whole: false };
}

function next(source: Source, missing: string): string {
  const sign = source.get();
  return sign === '' ? source.fail(missing, source.at) : sign;
}

function unknown(sign: string, missing: string, source: Source): never {
  return source.fail(LETTER.test(sign) ? 'unknown flag' : missing, source.at - sign.length);
}

function set(sign: string, on: boolean, flags: Record<keyof Flags, boolean>, source: Source): void {
  const flag = FLAGS[sign]!;
  if (flag === 'locale') source.fail("bad inline flags: cannot use 'L' flag with a str pattern", source.at);
  if (flag === 'unicode') flags.ascii = false;
  else flags[flag] = on;
}
