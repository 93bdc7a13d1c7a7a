// Escapes of patterns: what is behind a backslash, outside of a set and within one.

import { type ClassName, classOf } from './characters.ts';
import type { Source } from './source.ts';
import type { Flags, Node, Place } from './tree.ts';

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const DIGIT = /^[0-9]$/;
const OCTAL = /^[0-7]$/;

/** What an escape stands for: a character, a class, a place, or a group by its number. */
export type Escape = number | Node | { readonly group: number };

function placeOf(letter: string, ascii: boolean): Place | undefined {
  switch (letter) {
    case 'A':
      return 'text start';
    case 'Z':
      return 'text end';
    case 'b':
      return ascii ? 'ascii boundary' : 'boundary';
    case 'B':
      return ascii ? 'no ascii boundary' : 'no boundary';
    default:
      return undefined;
  }
}

/** The escape that was just read as `sign`. Throws a RegexFault. */
export function escape(sign: string, source: Source, flags: Flags): Escape {
  const at = source.at - sign.length;
  const letter = sign.slice(1);
  const place = placeOf(letter, flags.ascii);
  if (place !== undefined) return { kind: 'place', place };
  if (letter === '0') return Number.parseInt(`0${source.take(OCTAL, 2)}`, 8);
  if (DIGIT.test(letter)) {
    let digits = letter;
    if (DIGIT.test(source.next)) {
      digits += source.get();
      if (/^[0-7]{2}$/.test(digits) && OCTAL.test(source.next)) return octal(digits + source.get(), source, at);
    }
    return { group: Number(digits) };
  }
  return common(letter, source, at, flags);
}

/** An escape within a set. */
export function escapeInSet(sign: string, source: Source, flags: Flags): number | Node {
  const at = source.at - sign.length;
  const letter = sign.slice(1);
  if (letter === 'b') return 8;
  if (OCTAL.test(letter)) return octal(letter + source.take(OCTAL, 2), source, at);
  if (DIGIT.test(letter)) return source.fail(`bad escape ${sign}`, at);
  return common(letter, source, at, flags);
}

function common(letter: string, source: Source, at: number, flags: Flags): number | Node {
  if (/^[dDsSwW]$/.test(letter)) return { kind: 'set', set: classOf(letter as ClassName, flags.ascii) };
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  const digits = HEX[letter];
  if (digits !== undefined) {
    const hex = source.take(/^[0-9a-fA-F]$/, digits);
    if (hex.length < digits) source.fail(`incomplete escape \\${letter}${hex}`, at);
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff ? source.fail(`bad escape \\${letter}${hex}`, at) : code;
  }
  if (letter === 'N') return source.fail('characters by their names (\\N{...}) are not supported', at);
  return /^[A-Za-z]$/.test(letter) ? source.fail(`bad escape \\${letter}`, at) : letter.codePointAt(0)!;
}

function octal(digits: string, source: Source, at: number): number {
  const code = Number.parseInt(digits, 8);
  return code > 0o377 ? source.fail(`octal escape value \\${digits} outside of range 0-0o377`, at) : code;
}
