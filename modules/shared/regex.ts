// Python's regular expressions as JavaScript's, for arguments such as regexp and search_regex. A small translation: what
// differs in spelling is respelled, what JavaScript cannot do is refused by name.

import { ModuleFailure } from '../../engine/module/contract.ts';

const CLASSES: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', Z: '(?![\\s\\S])', a: '\\x07' };

/** The JavaScript expression with the meaning of a Python one. Throws ModuleFailure for what is malformed or not supported. */
export function pythonRegex(
  pattern: string,
  flags: {
    readonly multiline?: boolean;
    readonly dotAll?: boolean;
    readonly global?: boolean;
    readonly indices?: boolean;
  } = {},
): RegExp {
  let letters = `u${flags.multiline ? 'm' : ''}${flags.dotAll ? 's' : ''}${flags.global ? 'g' : ''}${flags.indices ? 'd' : ''}`;
  let source = pattern;
  const global = /^\(\?([aiLmsux]+)\)/.exec(source);
  if (global !== null) {
    source = source.slice(global[0].length);
    for (const flag of global[1]!) {
      if (flag === 'x') source = withoutBlanks(source);
      else if ('ims'.includes(flag) && !letters.includes(flag)) letters += flag;
    }
  }
  try {
    return new RegExp(translate(source, letters.includes('m')), letters);
  } catch (error) {
    if (error instanceof ModuleFailure) throw error;
    throw new ModuleFailure(`'${pattern}' is not a valid regular expression: ${(error as Error).message}`);
  }
}

function translate(source: string, multiline: boolean): string {
  let out = '';
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    const [taken, put] = rest.startsWith('[') ? characterSet(rest) : outsideSet(rest, multiline);
    at += taken;
    out += put;
  }
  return out;
}

/** How many characters are taken, and what stands for them. */
type Piece = readonly [number, string];

function outsideSet(rest: string, multiline: boolean): Piece {
  if (rest[0] === '\\') return escaped(rest, false);
  if (rest[0] === '$' && !multiline) return [1, '(?=\\n?(?![\\s\\S]))'];
  if (rest[0] === ']') return [1, '\\]'];
  if (rest[0] === '}') return [1, '\\}'];
  if (rest[0] === '{') {
    const count = /^\{(\d*)(,?)(\d*)\}/.exec(rest);
    if (count === null || count[0] === '{}' || count[0] === '{,}') return [1, '\\{'];
    return [count[0].length, `{${count[1] || '0'}${count[2]}${count[3]}}`];
  }
  if (rest.startsWith('(?')) return group(rest);
  return character(rest);
}

function group(rest: string): Piece {
  const named = /^\(\?P<(\w+)>/.exec(rest);
  if (named !== null) return [named[0].length, `(?<${named[1]}>`];
  const back = /^\(\?P=(\w+)\)/.exec(rest);
  if (back !== null) return [back[0].length, `\\k<${back[1]}>`];
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment !== null) return [comment[0].length, ''];
  if (/^\(\?(?:[:=!]|<[=!])/.test(rest)) return [2, '(?'];
  const spelled = /^\(\?(?:[aiLmsux]*-?[imsx]*:|>|\()/.exec(rest)?.[0] ?? rest.slice(0, 4);
  throw new ModuleFailure(`regular expressions with '${spelled}' are not supported`);
}

function characterSet(rest: string): Piece {
  let at = rest[1] === '^' ? 2 : 1;
  let out = rest.slice(0, at);
  for (let first = true; ; first = false) {
    const next = rest.slice(at);
    if (next === '') throw new ModuleFailure('unterminated character set');
    if (next[0] === ']' && !first) return [at + 1, `${out}]`];
    const [taken, put] = next[0] === '\\' ? escaped(next, true) : character(next);
    at += taken;
    out += put === '[' || put === ']' || put === '^' ? `\\${put}` : put;
  }
}

/** One character, which may take two places of the string. */
function character(rest: string): Piece {
  const whole = String.fromCodePoint(rest.codePointAt(0)!);
  return [whole.length, whole];
}

function escaped(rest: string, inSet: boolean): Piece {
  const next = rest[1];
  if (next === undefined) throw new ModuleFailure('bad escape (end of pattern)');
  const octal = /^\\(0[0-7]{0,2}|[0-3][0-7]{2})/.exec(rest);
  if (octal !== null) return [octal[0].length, `\\x${Number.parseInt(octal[1]!, 8).toString(16).padStart(2, '0')}`];
  if (!inSet && CLASSES[next] !== undefined) return [2, CLASSES[next]];
  if (inSet && next === 'a') return [2, '\\x07'];
  const wide = /^\\U([0-9A-Fa-f]{8})/.exec(rest);
  if (wide !== null) return [10, `\\u{${wide[1]!.replace(/^0+(?=.)/, '')}}`];
  if (/[a-zA-Z0-9]/.test(next)) {
    if (!/[bBdDsSwWnrtfvxu1-9]/.test(next)) throw new ModuleFailure(`bad escape \\${next}`);
    return [2, `\\${next}`];
  }
  // The escapes that JavaScript's Unicode mode knows; any other character stands for itself.
  if ('^$\\.*+?()[]{}|/'.includes(next)) return [2, `\\${next}`];
  if (next === '-') return [2, inSet ? '\\-' : '-'];
  const [taken, put] = character(rest.slice(1));
  return [taken + 1, put];
}

/** (?x): blanks and comments outside of sets do not count. */
function withoutBlanks(source: string): string {
  return source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) =>
    /^(?:\s|#)/.test(part) ? '' : part,
  );
}

/** Python's `match.expand`: `\1`, `\g<1>`, `\g<name>` and the usual escapes in a replacement. Throws ModuleFailure. */
export function expandTemplate(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|0([0-7]{0,2})|([\s\S])|$)/g,
    (whole, name, digits, octal, letter) => {
      const reference: string | undefined = name ?? digits;
      if (reference !== undefined) return groupText(match, reference);
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal || '0', 8));
      if (letter === undefined) throw new ModuleFailure('bad escape (end of pattern)');
      const known: Readonly<Record<string, string>> = {
        n: '\n',
        r: '\r',
        t: '\t',
        f: '\f',
        v: '\v',
        a: '\x07',
        b: '\b',
        '\\': '\\',
      };
      if (known[letter] !== undefined) return known[letter];
      if (/[A-Za-z]/.test(letter)) throw new ModuleFailure(`bad escape \\${letter}`);
      return whole;
    },
  );
}

function groupText(match: RegExpExecArray, reference: string): string {
  if (/^\d+$/.test(reference)) {
    if (Number(reference) >= match.length) throw new ModuleFailure(`invalid group reference ${reference}`);
    return match[Number(reference)] ?? '';
  }
  if (match.groups === undefined || !(reference in match.groups))
    throw new ModuleFailure(`unknown group name '${reference}'`);
  return match.groups[reference] ?? '';
}
