// Python's `re` over JavaScript's RegExp: a pattern is translated once (see pattern.ts), cached, and run with a guard
// against patterns that can backtrack for ever.
//
// Known differences: a group inside of a repetition forgets its match when a later round does not take part in it.

import vm from 'node:vm';
import { Fault } from '../fault.ts';
import { type Flags, NO_FLAGS, type Translation, translate } from './pattern.ts';

/** Milliseconds after which a risky match is given up. */
const PATIENCE = 2000;
/** Subjects shorter than this cannot keep a pattern busy for long. */
const HARMLESS_LENGTH = 24;
const CACHE_SIZE = 500;
/** Texts longer than this are not looked at twice where a match was empty. */
const LONGEST_RETRIED = 10_000;

/** One match. */
export interface Match {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The groups by number, from 1; undefined when a group took no part. */
  readonly groups: readonly (string | undefined)[];
  readonly named: ReadonlyMap<string, string | undefined>;
}

/** A compiled pattern. */
export class Pattern {
  readonly source: string;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  private readonly flags: Flags;
  private readonly risk: Translation['risk'];
  private ascii: RegExp | undefined;
  private unicode: RegExp | undefined;

  constructor(source: string, flags: Flags) {
    const translation = translate(source, flags, true);
    this.source = source;
    this.flags = flags;
    this.groupCount = translation.groupCount;
    this.groupNames = translation.groupNames;
    this.risk = translation.risk;
    this.ascii = build(source, translation);
  }

  /** Matches at the start of the text (`re.match`). */
  match(text: string): Match | undefined {
    return this.run(text, 0, true);
  }

  /** The first match anywhere from `from` on (`re.search`). */
  search(text: string, from = 0): Match | undefined {
    return this.run(text, from, false);
  }

  /** Every match, left to right, none overlapping (`re.finditer`). */
  *matches(text: string): Generator<Match> {
    let at = 0;
    while (at <= text.length) {
      const match = this.run(text, at, false);
      if (match === undefined) return;
      yield match;
      at = match.end;
      if (match.end > match.start) continue;
      // After an empty match one that is not empty may begin at the same place.
      const longer = this.longerAt(text, at);
      if (longer !== undefined) yield longer;
      at = longer === undefined ? at + widthAt(text, at) : longer.end;
    }
  }

  /**
   * The text with matches replaced (`re.subn`): `template` may hold `\1`, `\g<name>` and escapes. `count` 0 replaces all.
   * Returns the new text and the number of replacements.
   */
  replace(text: string, template: string, count = 0): [string, number] {
    const parts = parseReplacement(this, template);
    let result = '';
    let at = 0;
    let done = 0;
    for (const match of this.matches(text)) {
      if (count > 0 && done >= count) break;
      result += text.slice(at, match.start);
      for (const part of parts)
        result += typeof part === 'string' ? part : (match.groups[part - 1] ?? groupZero(match, part));
      at = match.end;
      done += 1;
    }
    return [result + text.slice(at), done];
  }

  /** `re.split`: the pieces between the matches, with the groups of each match between them. */
  split(text: string, limit = 0): (string | undefined)[] {
    const pieces: (string | undefined)[] = [];
    let at = 0;
    for (const match of this.matches(text)) {
      if (limit > 0 && pieces.length >= limit) break;
      pieces.push(text.slice(at, match.start), ...match.groups);
      at = match.end;
    }
    pieces.push(text.slice(at));
    return pieces;
  }

  /** The match that is not empty at the place of an empty one; only a pattern that prefers less can have both. */
  private longerAt(text: string, at: number): Match | undefined {
    if (!/[*?}]\?|\|/.test(this.source) || at >= text.length || text.length > LONGEST_RETRIED) return undefined;
    const { source, flags } = this.regexpFor(text);
    const ahead = Array.from(text.slice(0, at)).length + 1;
    return this.run(text, at, true, new RegExp(`(?:${source})(?<=[^]{${ahead}})`, flags));
  }

  private run(text: string, from: number, anchored: boolean, regexp = this.regexpFor(text)): Match | undefined {
    const found = execute(regexp, text, from, anchored, this.isRisky(text), this.source);
    if (found === null) return undefined;
    const named = new Map<string, string | undefined>();
    for (const [name, number] of this.groupNames) named.set(name, found[number]);
    return {
      text: found[0],
      start: found.index,
      end: found.index + found[0].length,
      groups: Array.from({ length: this.groupCount }, (_, i) => found[i + 1]),
      named,
    };
  }

  private isRisky(text: string): boolean {
    if (this.risk === 'exponential') return text.length > HARMLESS_LENGTH;
    return this.risk === 'polynomial' && text.length > 1000;
  }

  private regexpFor(text: string): RegExp {
    if (/^[\x00-\x7f]*$/.test(text)) {
      this.ascii ??= build(this.source, translate(this.source, this.flags, true));
      return this.ascii;
    }
    this.unicode ??= build(this.source, translate(this.source, this.flags, false));
    return this.unicode;
  }
}

const cache = new Map<string, Pattern>();

/** Compiles a Python pattern. Throws a Fault with Python's kind of message when it is not valid or not supported. */
export function compile(source: string, flags: Partial<Flags> = {}): Pattern {
  const all = { ...NO_FLAGS, ...flags };
  const key = `${all.ignoreCase ? 'i' : ''}${all.multiline ? 'm' : ''}${all.dotAll ? 's' : ''}${all.ascii ? 'a' : ''}/${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const pattern = new Pattern(source, all);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, pattern);
  return pattern;
}

/** Python's `re.escape`. */
export function escapeRegex(text: string): string {
  return text.replace(/[-\s#$&()*+.?[\\\]^{|}~]/g, (char) => (/[\x00-\x7f]/.test(char) ? `\\${char}` : char));
}

function build(source: string, translation: Translation): RegExp {
  try {
    return new RegExp(translation.source, `u${translation.ignoreCase ? 'i' : ''}`);
  } catch (cause) {
    throw new Fault('ValueError', `Invalid regular expression '${source}': ${(cause as Error).message}`, { cause });
  }
}

function groupZero(match: Match, part: number): string {
  return part === 0 ? match.text : '';
}

function widthAt(text: string, index: number): number {
  const point = text.codePointAt(index);
  return point !== undefined && point > 0xffff ? 2 : 1;
}

const sticky = new WeakMap<RegExp, { readonly anywhere: RegExp; readonly here: RegExp }>();

function execute(
  regexp: RegExp,
  text: string,
  from: number,
  anchored: boolean,
  risky: boolean,
  source: string,
): RegExpExecArray | null {
  let pair = sticky.get(regexp);
  if (pair === undefined) {
    pair = {
      anywhere: new RegExp(regexp.source, `${regexp.flags}g`),
      here: new RegExp(regexp.source, `${regexp.flags}y`),
    };
    sticky.set(regexp, pair);
  }
  const machine = anchored ? pair.here : pair.anywhere;
  machine.lastIndex = from;
  return risky ? executeGuarded(machine, text, source) : machine.exec(text);
}

let guard: { readonly sandbox: vm.Context; readonly script: vm.Script } | undefined;

function executeGuarded(machine: RegExp, text: string, source: string): RegExpExecArray | null {
  guard ??= {
    sandbox: vm.createContext(Object.create(null) as object),
    script: new vm.Script('run()'),
  };
  guard.sandbox['run'] = () => machine.exec(text);
  try {
    return guard.script.runInContext(guard.sandbox, { timeout: PATIENCE }) as RegExpExecArray | null;
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    throw new Fault(
      'LimitError',
      `The regular expression '${source}' took longer than ${PATIENCE / 1000} seconds on a text of ${text.length} characters: it backtracks too much. Make its repetitions exclude each other.`,
    );
  } finally {
    guard.sandbox['run'] = undefined;
  }
}

/** A replacement template as literal text and group numbers. */
function parseReplacement(pattern: Pattern, template: string): (string | number)[] {
  if (!template.includes('\\')) return [template];
  const parts: (string | number)[] = [];
  let literal = '';
  const group = (number: number) => {
    if (number > pattern.groupCount) throw new Fault('ValueError', `invalid group reference ${number}`);
    parts.push(literal, number);
    literal = '';
  };
  for (let i = 0; i < template.length; i++) {
    if (template[i] !== '\\') {
      literal += template[i];
      continue;
    }
    const rest = template.slice(i + 1);
    const byName = /^g<([^>]*)>/.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest);
    const byNumber = /^[1-9]\d?/.exec(rest);
    if (byName !== null) {
      const name = byName[1]!;
      const number = /^\d+$/.test(name) ? Number(name) : pattern.groupNames.get(name);
      if (name === '') throw new Fault('ValueError', 'missing group name');
      if (number === undefined) throw new Fault('IndexError', `unknown group name '${name}'`);
      group(number);
      i += byName[0].length;
    } else if (octal !== null) {
      literal += String.fromCharCode(Number.parseInt(octal[0], 8));
      i += octal[0].length;
    } else if (byNumber !== null) {
      group(Number(byNumber[0]));
      i += byNumber[0].length;
    } else {
      const char = rest[0];
      if (char === undefined) throw new Fault('ValueError', 'bad escape (end of pattern)');
      if (char === 'g') throw new Fault('ValueError', 'missing <');
      const control = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }[char];
      if (control === undefined && /[A-Za-z]/.test(char))
        throw new Fault('ValueError', `bad escape \\${char} at position ${i}`);
      literal += control ?? `\\${char}`;
      i += 1;
    }
  }
  parts.push(literal);
  return parts;
}
