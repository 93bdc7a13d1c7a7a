// What takes the place of a match: text with `\1`, `\g<name>` and escapes.

import { RegexFault } from './fault.ts';

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const PART = /\\(?:g(?:<([^>]*)(>)?)?|(0[0-7]{0,2}|[0-7]{3})|([1-9]\d?)|([\s\S])|$)/g;

/** Literal texts and numbers of groups, in order. Throws a RegexFault for groups and escapes that there are not. */
export function parseReplacement(
  template: string,
  groupCount: number,
  groupNames: ReadonlyMap<string, number>,
): readonly (string | number)[] {
  if (!template.includes('\\')) return [template];
  const parts: (string | number)[] = [];
  let from = 0;
  for (const match of template.matchAll(PART)) {
    const fail = (message: string, behind = 0): never => {
      throw new RegexFault('invalid', `${message} at position ${match.index + behind}`);
    };
    const [whole, name, closed, octal, digits, letter] = match;
    parts.push(template.slice(from, match.index));
    from = match.index + whole.length;
    if (name !== undefined) {
      if (name === '') fail('missing group name', 3);
      if (closed === undefined) fail('missing >, unterminated name', 3);
      parts.push(numberOf(name, groupNames, (message) => fail(message, 3)));
    } else if (whole === '\\g') fail('missing <', 2);
    else if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      if (code > 0o377) fail(`octal escape value \\${octal} outside of range 0-0o377`);
      parts.push(String.fromCharCode(code));
    } else if (digits !== undefined) parts.push(Number(digits));
    else if (letter === undefined) fail('bad escape (end of pattern)');
    else if (CONTROLS[letter] !== undefined) parts.push(CONTROLS[letter]);
    else if (/[A-Za-z]/.test(letter)) fail(`bad escape \\${letter}`);
    else parts.push(whole);
    const last = parts.at(-1)!;
    if (typeof last === 'number' && last > groupCount)
      fail(`invalid group reference ${last}`, name === undefined ? 1 : 3);
  }
  parts.push(template.slice(from));
  return parts;
}

function numberOf(name: string, names: ReadonlyMap<string, number>, fail: (message: string) => never): number {
  if (/^[0-9]+$/.test(name)) return Number(name);
  if (!/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u.test(name)) return fail(`bad character in group name '${name}'`);
  const number = names.get(name);
  if (number === undefined) throw new RegexFault('invalid', `unknown group name '${name}'`);
  return number;
}
