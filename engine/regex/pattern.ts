// Python's `re`: patterns, their matches, and what is made of a text with them.

import { compile as compileTree, type Program } from './compile.ts';
import { RegexFault } from './fault.ts';
import { Machine, type Span } from './machine.ts';
import { parse } from './parse.ts';
import { parseReplacement } from './replacement.ts';
import { type Flags, NO_FLAGS } from './tree.ts';

export { RegexFault } from './fault.ts';
export type { Flags } from './tree.ts';

const CACHE_SIZE = 500;

/** What is thrown for a fault of a pattern. */
export type Raise = (fault: RegexFault, source: string) => Error;

/** One match; places count UTF-16 units, as JavaScript does. */
export class Match {
  readonly #text: string;
  readonly #span: Span;
  readonly #pattern: Pattern;

  constructor(text: string, span: Span, pattern: Pattern) {
    this.#text = text;
    this.#span = span;
    this.#pattern = pattern;
  }

  get start(): number {
    return this.#span[0]!;
  }

  get end(): number {
    return this.#span[1]!;
  }

  get text(): string {
    return this.#text.slice(this.start, this.end);
  }

  /** Where a group is; undefined where it took no part. */
  span(group: number): readonly [number, number] | undefined {
    const [start, end] = [this.#span[2 * group]!, this.#span[2 * group + 1]!];
    return start < 0 || end < 0 ? undefined : [start, end];
  }

  /** The text of a group by number, 0 for the whole; undefined where it took no part. */
  group(number: number): string | undefined {
    const span = this.span(number);
    return span === undefined ? undefined : this.#text.slice(...span);
  }

  /** The groups in order, from 1. */
  get groups(): readonly (string | undefined)[] {
    return Array.from({ length: this.#span.length / 2 - 1 }, (_, index) => this.group(index + 1));
  }

  /** The template with groups of this match in their places (`match.expand`). Throws a RegexFault where it cannot be read. */
  expand(template: string): string {
    const parts = this.#pattern.replacement(template);
    return parts.map((part) => (typeof part === 'string' ? part : (this.group(part) ?? ''))).join('');
  }

  /** The groups that have a name. */
  get named(): ReadonlyMap<string, string | undefined> {
    return new Map(Array.from(this.#pattern.groupNames, ([name, number]) => [name, this.group(number)]));
  }
}

/** A compiled pattern. Every method throws what `raise` makes of a RegexFault where a match takes too long. */
export class Pattern {
  readonly source: string;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** Do `^` and `$` speak of lines? */
  readonly multiline: boolean;
  readonly #program: Program;
  readonly #raise: Raise;

  /** Throws, in Python's words, for what is no pattern. */
  constructor(source: string, flags: Partial<Flags> = {}, raise: Raise = (fault) => fault) {
    this.source = source;
    this.#raise = raise;
    const tree = this.#guarded(() => parse(source, { ...NO_FLAGS, ...flags }));
    this.groupCount = tree.groupCount;
    this.groupNames = tree.groupNames;
    this.multiline = tree.flags.multiline;
    this.#program = compileTree(tree);
  }

  /** Matches at the start of the text (`re.match`). */
  match(text: string): Match | undefined {
    return this.#find(new Machine(this.#program, text), text, 0, true);
  }

  /** The first match anywhere (`re.search`). */
  search(text: string): Match | undefined {
    return this.#find(new Machine(this.#program, text), text, 0, false);
  }

  /** Does it match anywhere? */
  test(text: string): boolean {
    return this.search(text) !== undefined;
  }

  /** Every match, left to right, none overlapping (`re.finditer`). */
  *matches(text: string): Generator<Match> {
    const machine = new Machine(this.#program, text);
    let [at, longer] = [0, false];
    while (at <= text.length) {
      const match = this.#find(machine, text, at, false, longer);
      if (match === undefined) return;
      yield match;
      at = match.end;
      // After an empty match one that is not empty may begin at the same place.
      longer = match.end === match.start;
    }
  }

  /**
   * The text with matches replaced (`re.subn`): `template` may hold `\1`, `\g<name>` and escapes. `count` 0 replaces all.
   * Returns the new text and the number of replacements. Throws for a template that cannot be read.
   */
  replace(text: string, template: string, count = 0): [string, number] {
    const parts = this.replacement(template);
    const pieces: string[] = [];
    let [at, done] = [0, 0];
    for (const match of this.matches(text)) {
      pieces.push(text.slice(at, match.start));
      for (const part of parts) pieces.push(typeof part === 'string' ? part : (match.group(part) ?? ''));
      at = match.end;
      done += 1;
      if (done === count) break;
    }
    return [pieces.join('') + text.slice(at), done];
  }

  /** `re.split`: the pieces between the matches, with the groups of each match between them. `limit` 0 splits at all. */
  split(text: string, limit = 0): (string | undefined)[] {
    const pieces: (string | undefined)[] = [];
    let [at, done] = [0, 0];
    for (const match of this.matches(text)) {
      pieces.push(text.slice(at, match.start), ...match.groups);
      at = match.end;
      done += 1;
      if (done === limit) break;
    }
    return [...pieces, text.slice(at)];
  }

  /** A replacement's literal texts and numbers of groups, in order. Throws where it cannot be read. */
  replacement(template: string): readonly (string | number)[] {
    return this.#guarded(() => parseReplacement(template, this.groupCount, this.groupNames));
  }

  #find(machine: Machine, text: string, from: number, only: boolean, longer = false): Match | undefined {
    const span = this.#guarded(() => machine.find(from, only, longer));
    return span === undefined ? undefined : new Match(text, span, this);
  }

  #guarded<T>(go: () => T): T {
    try {
      return go();
    } catch (error) {
      if (!(error instanceof RegexFault)) throw error;
      const told = `The regular expression '${this.source}' ${error.message}`;
      throw this.#raise(error.kind === 'invalid' ? error : new RegexFault(error.kind, told), this.source);
    }
  }
}

/** Compiles patterns, each once; what is wrong with them is thrown as `raise` makes it. */
export function compiler(raise: Raise): (source: string, flags?: Partial<Flags>) => Pattern {
  const cache = new Map<string, Pattern>();
  return (source, flags = {}) => {
    const letters = Object.entries(flags).filter(([, on]) => on);
    const key = `${letters.map(([name]) => name).join()}/${source}`;
    let pattern = cache.get(key);
    if (pattern === undefined) {
      pattern = new Pattern(source, flags, raise);
      if (cache.size >= CACHE_SIZE) cache.clear();
      cache.set(key, pattern);
    }
    return pattern;
  };
}

/** The pattern of a text. Throws a RegexFault for what is no pattern. */
export const compile = compiler((fault) => fault);

/** Python's `re.escape`. */
export function escapeRegex(text: string): string {
  return text.replace(/[-\t-\r #$&()*+.?[\\\]^{|}~]/g, '\\$&');
}
