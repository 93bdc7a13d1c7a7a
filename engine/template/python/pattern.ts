// Translates the text of a Python regular expression into JavaScript's. Two translations exist: for ASCII subjects, where
// JavaScript's short classes mean the same, and for others, where \w, \d, \s and \b have to be spelt out.

import { Fault } from '../fault.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

export interface Translation {
  readonly source: string;
  readonly ignoreCase: boolean;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** How badly it may backtrack. */
  readonly risk: 'none' | 'polynomial' | 'exponential';
}

type MutableFlags = { -readonly [K in keyof Flags]: Flags[K] };

const FLAG_LETTERS: Readonly<Record<string, keyof Flags | 'ignored'>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
  u: 'ignored',
  L: 'ignored',
};

const CONTROLS: Readonly<Record<string, string>> = { a: '\\x07', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v' };

/** Translates `pattern`; `asciiSubject` says which of the two translations is wanted. Throws a Fault. */
export function translate(pattern: string, flags: Flags, asciiSubject: boolean): Translation {
  return new Translator(pattern, flags, asciiSubject).translate();
}

class Translator {
  private readonly pattern: string;
  private readonly asciiSubject: boolean;
  private at = 0;
  private out = '';
  private groupCount = 0;
  private readonly groupNames = new Map<string, number>();
  private readonly openGroups = new Set<number>();
  private exponential = false;
  private unbounded = 0;
  private flags: MutableFlags;
  private readonly wholeIgnoreCase: boolean;

  constructor(pattern: string, flags: Flags, asciiSubject: boolean) {
    this.pattern = pattern;
    this.flags = { ...flags };
    const leading = /^\(\?([aiLmsux]+)\)/.exec(pattern);
    if (leading !== null) {
      this.at = leading[0].length;
      for (const letter of leading[1]!) this.setFlag(letter, true);
    }
    this.asciiSubject = asciiSubject || this.flags.ascii;
    this.wholeIgnoreCase = this.flags.ignoreCase;
  }

  translate(): Translation {
    this.alternatives();
    if (this.at < this.pattern.length) this.fail('unbalanced parenthesis');
    return {
      source: this.out,
      ignoreCase: this.wholeIgnoreCase,
      groupCount: this.groupCount,
      groupNames: this.groupNames,
      risk: this.exponential ? 'exponential' : this.unbounded > 2 ? 'polynomial' : 'none',
    };
  }

  /** Reads until the closing parenthesis or the end; tells whether the inside can match one text in many ways. */
  private alternatives(): boolean {
    let varied = false;
    for (;;) {
      const char = this.pattern[this.at];
      if (char === undefined || char === ')') return varied;
      if (char === '|') {
        this.out += '|';
        this.at += 1;
        varied = true;
        continue;
      }
      if (this.flags.verbose && /[\s#]/.test(char)) {
        this.at = char === '#' ? this.endOfLine() : this.at + 1;
        continue;
      }
      const before = this.out.length;
      const inner = this.atom(char);
      const atom = this.out.slice(before);
      varied = this.quantifiers(atom, inner, before) || inner || varied;
    }
  }

  private quantifiers(atom: string, inner: boolean, start: number): boolean {
    const rest = this.pattern.slice(this.at);
    const quantifier = /^(?:[*+?]|\{\d+\}|\{\d*,\d*\})/.exec(rest)?.[0];
    if (quantifier === undefined) return false;
    if (quantifier === '{,}' || atom === '') {
      if (quantifier[0] === '{') return false;
      this.fail('nothing to repeat');
    }
    this.at += quantifier.length;
    const next = this.pattern[this.at];
    if (next === '+') this.fail('possessive quantifiers are not supported');
    if (next === '*' || (next === '?' && this.pattern[this.at + 1] === '?')) this.fail('multiple repeat');
    if (atom.startsWith('(?=') || atom.startsWith('(?!') || atom.startsWith('(?<=') || atom.startsWith('(?<!'))
      this.out = `${this.out.slice(0, start)}(?:${atom})`;
    this.out += quantifier.startsWith('{,') ? `{0${quantifier.slice(1)}` : quantifier;
    if (next === '?') {
      this.out += '?';
      this.at += 1;
    }
    const open = quantifier === '*' || quantifier === '+' || /,\}$/.test(quantifier);
    const many = open || Number(/(\d+)\}$/.exec(quantifier)?.[1] ?? '0') > 10;
    if (many && inner) this.exponential = true;
    if (open) this.unbounded += 1;
    return many;
  }

  private atom(char: string): boolean {
    if (char === '(') return this.group();
    this.at += 1;
    switch (char) {
      case '[':
        this.out += this.characterClass();
        return false;
      case '.':
        this.out += this.flags.dotAll ? '[\\s\\S]' : '[^\\n]';
        return false;
      case '^':
        this.out += this.flags.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
        return false;
      case '$':
        this.out += this.flags.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
        return false;
      case '\\':
        this.out += this.escape();
        return false;
      case '*':
      case '+':
      case '?':
        return this.fail('nothing to repeat', this.at - 1);
      default: {
        const point = String.fromCodePoint(this.pattern.codePointAt(this.at - 1)!);
        this.at += point.length - 1;
        this.out += this.literal(point);
        return false;
      }
    }
  }

  private literal(char: string): string {
    if (/[\\^$.*+?()[\]{}|/]/.test(char)) return `\\${char}`;
    if (this.flags.ignoreCase && !this.wholeIgnoreCase && char.toLowerCase() !== char.toUpperCase())
      return `[${char.toLowerCase()}${char.toUpperCase()}]`;
    return char;
  }

  private group(): boolean {
    const start = this.at;
    const outerFlags = { ...this.flags };
    let opened: number | undefined;
    this.at += 1;
    const rest = this.pattern.slice(this.at);
    if (!rest.startsWith('?')) {
      opened = this.openGroup();
      this.out += '(';
    } else if (rest.startsWith('?P<')) {
      const name = /^\?P<([^>]*)>/.exec(rest)?.[1];
      if (name === undefined) this.fail('missing >, unterminated name', start + 4);
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) this.fail(`bad character in group name '${name}'`, start + 4);
      if (this.groupNames.has(name)) this.fail(`redefinition of group name '${name}'`, start + 4);
      opened = this.openGroup();
      this.groupNames.set(name, opened);
      this.out += '(';
      this.at += name.length + 4;
    } else if (rest.startsWith('?P=')) {
      const name = /^\?P=([^)]*)\)/.exec(rest)?.[1];
      if (name === undefined) this.fail('missing ), unterminated name', start + 4);
      const number = this.groupNames.get(name);
      if (number === undefined) this.fail(`unknown group name '${name}'`, start + 4);
      this.at += name.length + 4;
      this.out += this.backReference(number);
      return false;
    } else if (rest.startsWith('?#')) {
      const end = this.pattern.indexOf(')', this.at);
      if (end < 0) this.fail('missing ), unterminated comment', start);
      this.at = end + 1;
      return false;
    } else this.specialGroup(rest, start);
    const varied = this.alternatives();
    if (this.pattern[this.at] !== ')') this.fail('missing ), unterminated subpattern', start);
    this.at += 1;
    this.out += ')';
    if (opened !== undefined) this.openGroups.delete(opened);
    this.flags = outerFlags;
    return varied;
  }

  private specialGroup(rest: string, start: number): void {
    const plain = /^\?(?::|=|!|<=|<!)/.exec(rest)?.[0];
    if (plain !== undefined) {
      this.out += `(${plain}`;
      this.at += plain.length;
      return;
    }
    const scoped = /^\?([aiLmsux]*)(?:-([imsx]+))?:/.exec(rest);
    if (scoped !== null) {
      for (const letter of scoped[1]!) this.setFlag(letter, true);
      for (const letter of scoped[2] ?? '') this.setFlag(letter, false);
      if (this.wholeIgnoreCase && !this.flags.ignoreCase)
        this.fail('(?-i:...) within an ignore-case pattern is not supported', start);
      this.out += '(?:';
      this.at += scoped[0].length;
      return;
    }
    if (/^\?[aiLmsux]+\)/.test(rest)) this.fail('global flags not at the start of the expression', start);
    if (rest.startsWith('?(')) this.fail('conditional groups (?(...)...) are not supported', start);
    if (rest.startsWith('?>')) this.fail('atomic groups (?>...) are not supported', start);
    this.fail(`unknown extension ${rest.slice(0, rest[1] === '<' || rest[1] === 'P' ? 3 : 2)}`, start + 1);
  }

  private openGroup(): number {
    this.groupCount += 1;
    this.openGroups.add(this.groupCount);
    return this.groupCount;
  }

  private backReference(number: number): string {
    this.exponential = true;
    return `(?:\\${number})`;
  }

  private escape(): string {
    const char = this.pattern[this.at];
    if (char === undefined) this.fail('bad escape (end of pattern)', this.at - 1);
    const rest = this.pattern.slice(this.at);
    const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest)?.[0];
    if (octal !== undefined) {
      this.at += octal.length;
      return codePoint(Number.parseInt(octal, 8));
    }
    const reference = /^[1-9]\d?/.exec(rest)?.[0];
    if (reference !== undefined) {
      const number = Number(reference);
      if (number > this.groupCount) this.fail(`invalid group reference ${number}`, this.at);
      if (this.openGroups.has(number)) this.fail('cannot refer to an open group', this.at - 1);
      this.at += reference.length;
      return this.backReference(number);
    }
    switch (char) {
      case 'A':
        this.at += 1;
        return '(?<![\\s\\S])';
      case 'Z':
        this.at += 1;
        return '(?![\\s\\S])';
      case 'b':
        this.at += 1;
        return this.asciiSubject ? '\\b' : boundary(false);
      case 'B':
        this.at += 1;
        return this.asciiSubject ? '\\B' : boundary(true);
      default: {
        const shared = this.sharedEscape();
        return shared.length === 1 || shared.startsWith('\\u{') ? this.literalOf(shared) : shared;
      }
    }
  }

  private literalOf(shared: string): string {
    return shared.length === 1 ? this.literal(shared) : shared;
  }

  /** Escapes that mean the same inside and outside of a class. */
  private sharedEscape(): string {
    const char = this.pattern[this.at]!;
    const rest = this.pattern.slice(this.at);
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
    if (code !== null) {
      this.at += code[0].length;
      return codePoint(Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16));
    }
    if (char === 'x' || char === 'u' || char === 'U') this.fail(`incomplete escape \\${char}`, this.at - 1);
    this.at += 1;
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    switch (char) {
      case 'd':
        return this.asciiSubject ? '[0-9]' : '\\p{Nd}';
      case 'D':
        return this.asciiSubject ? '[^0-9]' : '\\P{Nd}';
      case 'w':
        return this.asciiSubject ? '[A-Za-z0-9_]' : `[${WORD}]`;
      case 'W':
        return this.asciiSubject ? '[^A-Za-z0-9_]' : `[^${WORD}]`;
      case 's':
        return this.asciiSubject ? `[${ASCII_SPACE}]` : `[${SPACE}]`;
      case 'S':
        return this.asciiSubject ? `[^${ASCII_SPACE}]` : `[^${SPACE}]`;
    }
    if (/[A-Za-z0-9]/.test(char)) this.fail(`bad escape \\${char}`, this.at - 2);
    return char;
  }

  /** A class after its `[`. Negated short classes inside of it become alternatives, since JavaScript cannot nest them. */
  private characterClass(): string {
    const start = this.at - 1;
    const negated = this.pattern[this.at] === '^';
    if (negated) this.at += 1;
    let body = '';
    const others: string[] = [];
    let first = true;
    for (;;) {
      const char = this.pattern[this.at];
      if (char === undefined) this.fail('unterminated character set', start);
      if (char === ']' && !first) break;
      first = false;
      const low = this.classMember();
      const next = this.pattern[this.at + 1];
      if (low.set !== undefined) {
        if (low.set.startsWith('[^')) others.push(low.set);
        else body += low.set.startsWith('[') ? low.set.slice(1, -1) : low.set;
        continue;
      }
      if (this.pattern[this.at] === '-' && next !== undefined && next !== ']') {
        this.at += 1;
        const high = this.classMember();
        if (high.set !== undefined || high.point! < low.point!) this.fail('bad character range', start);
        body += this.range(low.point!, high.point!);
      } else body += this.range(low.point!, low.point!);
    }
    this.at += 1;
    if (others.length === 0) return body === '' ? (negated ? '[\\s\\S]' : '(?!)') : `[${negated ? '^' : ''}${body}]`;
    const alternatives = [...others, ...(body === '' ? [] : [`[${body}]`])].join('|');
    return negated ? `(?:(?!${alternatives})[\\s\\S])` : `(?:${alternatives})`;
  }

  private range(low: number, high: number): string {
    const text = low === high ? codePoint(low) : `${codePoint(low)}-${codePoint(high)}`;
    if (!this.flags.ignoreCase || this.wholeIgnoreCase) return text;
    const swapped = [swapCase(low), swapCase(high)] as const;
    return swapped[0] === low && swapped[1] === high
      ? text
      : `${text}${codePoint(swapped[0])}-${codePoint(swapped[1])}`;
  }

  private classMember(): { readonly point?: number; readonly set?: string } {
    const point = this.pattern.codePointAt(this.at)!;
    if (point !== 0x5c) {
      this.at += point > 0xffff ? 2 : 1;
      return { point };
    }
    this.at += 1;
    const rest = this.pattern.slice(this.at);
    if (rest === '') this.fail('bad escape (end of pattern)', this.at - 1);
    const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2}|[1-7][0-7]?)/.exec(rest)?.[0];
    if (octal !== undefined) {
      this.at += octal.length;
      return { point: Number.parseInt(octal, 8) };
    }
    if (rest[0] === 'b') {
      this.at += 1;
      return { point: 8 };
    }
    const shared = this.sharedEscape();
    if (shared.startsWith('\\u{')) return { point: Number.parseInt(shared.slice(3, -1), 16) };
    if (shared.startsWith('[') && shared.length > 1) return { set: shared };
    if (/^\\[pP]/.test(shared)) return { set: shared };
    if (shared.length === 1) return { point: shared.codePointAt(0)! };
    return { point: CONTROL_POINTS[shared]! };
  }

  private setFlag(letter: string, on: boolean): void {
    const flag = FLAG_LETTERS[letter]!;
    if (flag !== 'ignored') this.flags[flag] = on;
  }

  private endOfLine(): number {
    const end = this.pattern.indexOf('\n', this.at);
    return end < 0 ? this.pattern.length : end + 1;
  }

  private fail(reason: string, position = this.at): never {
    throw new Fault('ValueError', `${reason} at position ${position}`);
  }
}

const WORD = '\\p{L}\\p{N}_';
const ASCII_SPACE = '\\t-\\r\\x1c-\\x20';
const SPACE = `${ASCII_SPACE}\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000`;

const CONTROL_POINTS: Readonly<Record<string, number>> = {
  '\\x07': 7,
  '\\f': 12,
  '\\n': 10,
  '\\r': 13,
  '\\t': 9,
  '\\v': 11,
};

function boundary(negated: boolean): string {
  const within = `(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}])`;
  return negated ? `(?:${within})` : `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
}

function codePoint(point: number): string {
  return `\\u{${point.toString(16)}}`;
}

function swapCase(point: number): number {
  const char = String.fromCodePoint(point);
  const other = char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
  return [...other].length === 1 ? other.codePointAt(0)! : point;
}
