// Reads the text of a Python regular expression into a tree, and refuses what Python refuses, in its words.

import { type Charset, cases, casesAscii, charset, folded, foldedAscii, type Range } from './characters.ts';
import { type Escape, escape, escapeInSet } from './escapes.ts';
import { RegexFault } from './fault.ts';
import { isFlag, readFlags } from './flags.ts';
import { Source } from './source.ts';
import { type Flags, type Node, type Repeat, type Tree, width } from './tree.ts';

const DIGIT = /^[0-9]$/;
const MOST_REPEATS = 4294967295;
const MOST_NESTED = 200;
const EMPTY: Node = { kind: 'sequence', items: [] };

/** The tree of the pattern. Throws a RegexFault. */
export function parse(pattern: string, flags: Flags): Tree {
  try {
    return new Parser(pattern, flags).tree();
  } catch (error) {
    if (error instanceof Verbose) return new Parser(pattern, { ...flags, verbose: true }).tree();
    throw error;
  }
}

/** Thrown where the pattern turns out to be a verbose one: it is read anew. */
class Verbose extends Error {}

class Parser {
  readonly #source: Source;
  readonly #pattern: string;
  #flags: Flags;
  #groupCount = 0;
  #depth = 0;
  readonly #names = new Map<string, number>();
  readonly #widths = new Map<number, readonly [number, number]>();
  /** Groups that conditions ask for, and where. */
  readonly #asked = new Map<number, number>();
  readonly #lookbehinds: Node[] = [];
  /** The number of groups that were there where the outermost lookbehind around this place began. */
  #behind: number | undefined;

  constructor(pattern: string, flags: Flags) {
    this.#source = new Source(pattern);
    this.#pattern = pattern;
    this.#flags = flags;
  }

  tree(): Tree {
    const root = this.#choice(this.#flags, true);
    if (this.#source.next !== '') this.#source.fail('unbalanced parenthesis', this.#source.at);
    for (const [group, at] of this.#asked)
      if (group > this.#groupCount) this.#source.fail(`invalid group reference ${group}`, at);
    for (const item of this.#lookbehinds) {
      const [least, most] = width(item, this.#widths);
      if (least !== most) throw new RegexFault('invalid', 'look-behind requires fixed-width pattern');
    }
    return { root, groupCount: this.#groupCount, groupNames: this.#names, flags: this.#flags };
  }

  /** Branches up to the end or a closing parenthesis. `first` at the very start of the pattern. */
  #choice(flags: Flags, first = false): Node {
    this.#depth += 1;
    if (this.#depth > MOST_NESTED) throw new RegexFault('invalid', 'the pattern is nested too deeply');
    const branches = [this.#sequence(flags, first)];
    while (this.#source.skip('|')) branches.push(this.#sequence(first ? this.#flags : flags, false));
    this.#depth -= 1;
    return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
  }

  #sequence(given: Flags, first: boolean): Node {
    const source = this.#source;
    const items: Node[] = [];
    let flags = given;
    for (;;) {
      const { next } = source;
      if (next === '' || next === '|' || next === ')') break;
      source.get();
      if (flags.verbose && /^[ \t\n\r\v\f]$/.test(next)) continue;
      if (flags.verbose && next === '#') {
        while (source.next !== '' && source.get() !== '\n');
        continue;
      }
      if (/^[?*+{]$/.test(next)) this.#repeat(next, items);
      else if (next === '(') {
        const group = this.#group(flags, first && items.length === 0);
        if (group === undefined) flags = first ? this.#flags : flags;
        else items.push(group);
      } else items.push(this.#atom(next, flags));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #atom(sign: string, flags: Flags): Node {
    if (sign === '[') return this.#set(flags);
    if (sign === '.') return flags.dotAll ? ANY : LINE;
    if (sign === '^') return { kind: 'place', place: flags.multiline ? 'line start' : 'text start' };
    if (sign === '$') return { kind: 'place', place: flags.multiline ? 'line end' : 'last line end' };
    if (!sign.startsWith('\\')) return literal(sign.codePointAt(0)!, flags);
    const at = this.#source.at - sign.length;
    const meaning: Escape = escape(sign, this.#source, flags);
    if (typeof meaning === 'number') return literal(meaning, flags);
    if (!('group' in meaning)) return meaning;
    if (meaning.group > this.#groupCount) this.#source.fail(`invalid group reference ${meaning.group}`, at + 1);
    return this.#back(meaning.group, at, flags);
  }

  #back(number: number, at: number, flags: Flags): Node {
    if (!this.#widths.has(number)) this.#source.fail('cannot refer to an open group', at);
    this.#mayAsk(number);
    const fold = flags.ignoreCase ? (flags.ascii ? foldedAscii : folded) : undefined;
    return { kind: 'back', number, fold };
  }

  /** Within a lookbehind, groups that are not whole yet cannot be asked for. */
  #mayAsk(number: number): void {
    if (this.#behind === undefined) return;
    const { at } = this.#source;
    if (!this.#widths.has(number)) this.#source.fail('cannot refer to an open group', at);
    if (number >= this.#behind)
      this.#source.fail('cannot refer to group defined in the same lookbehind subpattern', at);
  }

  #repeat(sign: string, items: Node[]): void {
    const source = this.#source;
    const at = source.at - 1;
    let [min, max] = [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity];
    if (sign === '{') {
      const from = source.at;
      const low = source.next === '}' ? undefined : source.take(DIGIT, Infinity);
      const high = low !== undefined && source.skip(',') ? source.take(DIGIT, Infinity) : low;
      if (low === undefined || high === undefined || !source.skip('}')) {
        source.seek(from);
        items.push({ kind: 'character', code: 0x7b });
        return;
      }
      if (low !== '') min = Number(low);
      if (high !== '') max = Number(high);
      if (min >= MOST_REPEATS || (high !== '' && max >= MOST_REPEATS))
        throw new RegexFault('invalid', 'the repetition number is too large');
      if (max < min) source.fail('min repeat greater than max repeat', from);
    }
    const item = items.pop() ?? source.fail('nothing to repeat', at);
    if (item.kind === 'place') source.fail('nothing to repeat', at);
    if (item.kind === 'repeat') source.fail('multiple repeat', at);
    const mode: Repeat['mode'] = source.skip('?') ? 'lazy' : source.skip('+') ? 'possessive' : 'greedy';
    items.push({ kind: 'repeat', item: unit(item), min, max, mode });
  }

  #set(flags: Flags): Node {
    const source = this.#source;
    const open = source.at - 1;
    const negated = source.skip('^');
    const parts: (Range | Charset)[] = [];
    const member = (sign: string): number | Charset => {
      if (!sign.startsWith('\\')) return sign.codePointAt(0)!;
      const meaning = escapeInSet(sign, source, flags);
      return typeof meaning === 'number' ? meaning : (meaning as { set: Charset }).set;
    };
    for (let first = true; ; first = false) {
      const at = source.at;
      const sign = source.get();
      if (sign === '') source.fail('unterminated character set', open);
      if (sign === ']' && !first) break;
      const low = member(sign);
      if (source.next !== '-') {
        parts.push(typeof low === 'number' ? { low, high: low } : low);
        continue;
      }
      source.get();
      const last = source.get();
      if (last === '') source.fail('unterminated character set', open);
      if (last === ']') {
        parts.push(typeof low === 'number' ? { low, high: low } : low, { low: 0x2d, high: 0x2d });
        break;
      }
      const high = member(last);
      if (typeof low !== 'number' || typeof high !== 'number' || high < low)
        return source.fail(`bad character range ${this.#pattern.slice(at, source.at)}`, at);
      parts.push({ low, high });
    }
    const fold = flags.ignoreCase ? (flags.ascii ? casesAscii : cases) : undefined;
    return { kind: 'set', set: charset(parts, negated, fold) };
  }

  /** What is behind an opening parenthesis; undefined for a comment, or flags for the whole pattern. */
  #group(flags: Flags, first: boolean): Node | undefined {
    const source = this.#source;
    const open = source.at - 1;
    if (!source.skip('?')) return this.#capture(undefined, flags, open);
    const sign = source.get();
    switch (sign) {
      case '':
        return source.fail('unexpected end of pattern', source.at);
      case 'P':
        return this.#named(flags, open);
      case ':':
        return this.#closed(this.#choice(flags), open);
      case '>':
        return { kind: 'atomic', item: this.#closed(this.#choice(flags), open) };
      case '#':
        for (;;) {
          if (source.next === '') source.fail('missing ), unterminated comment', open);
          if (source.get() === ')') return undefined;
        }
      case '=':
      case '!':
        return this.#look(sign, false, flags, open);
      case '<': {
        const kind = source.get();
        if (kind === '') source.fail('unexpected end of pattern', source.at);
        if (kind !== '=' && kind !== '!') source.fail(`unknown extension ?<${kind}`, open + 1);
        return this.#look(kind, true, flags, open);
      }
      case '(':
        return this.#condition(flags, open);
      default:
        if (isFlag(sign) || sign === '-') return this.#flagged(sign, flags, first, open);
        return source.fail(`unknown extension ?${sign}`, open + 1);
    }
  }

  #closed(item: Node, open: number): Node {
    if (!this.#source.skip(')')) this.#source.fail('missing ), unterminated subpattern', open);
    // A group of its own, so that what follows repeats all of it.
    return item.kind === 'sequence' || item.kind === 'choice' ? item : { kind: 'sequence', items: [item] };
  }

  #capture(name: string | undefined, flags: Flags, open: number): Node {
    this.#groupCount += 1;
    const number = this.#groupCount;
    if (name !== undefined) {
      const known = this.#names.get(name);
      if (known !== undefined)
        this.#source.fail(
          `redefinition of group name '${name}' as group ${number}; was group ${known}`,
          this.#source.at - name.length - 1,
        );
      this.#names.set(name, number);
    }
    const item = this.#closed(this.#choice(flags), open);
    this.#widths.set(number, width(item, this.#widths));
    return { kind: 'group', number, item };
  }

  #named(flags: Flags, open: number): Node {
    const source = this.#source;
    if (source.skip('<')) {
      const name = source.until('>', 'group name');
      this.#isName(name);
      return this.#capture(name, flags, open);
    }
    if (source.skip('=')) {
      const name = source.until(')', 'group name');
      this.#isName(name);
      const at = source.at - name.length - 1;
      const number = this.#names.get(name);
      return number === undefined ? source.fail(`unknown group name '${name}'`, at) : this.#back(number, at, flags);
    }
    const sign = source.get();
    if (sign === '') source.fail('unexpected end of pattern', source.at);
    return source.fail(`unknown extension ?P${sign}`, open + 1);
  }

  #isName(name: string): void {
    if (!/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u.test(name))
      this.#source.fail(`bad character in group name '${name}'`, this.#source.at - name.length - 1);
  }

  #look(kind: string, behind: boolean, flags: Flags, open: number): Node {
    const outer = this.#behind;
    if (behind) this.#behind ??= this.#groupCount + 1;
    const item = this.#closed(this.#choice(flags), open);
    this.#behind = outer;
    if (behind) this.#lookbehinds.push(item);
    return { kind: 'look', behind, negative: kind === '!', item };
  }

  #condition(flags: Flags, open: number): Node {
    const source = this.#source;
    const name = source.until(')', 'group name');
    const at = source.at - name.length - 1;
    let number: number;
    if (/^[0-9]+$/.test(name)) {
      number = Number(name);
      if (number === 0) source.fail('bad group number', at);
      if (!this.#asked.has(number)) this.#asked.set(number, at);
    } else {
      this.#isName(name);
      number = this.#names.get(name) ?? source.fail(`unknown group name '${name}'`, at);
    }
    this.#mayAsk(number);
    const yes = this.#sequence(flags, false);
    const no = source.skip('|') ? this.#sequence(flags, false) : EMPTY;
    if (source.next === '|') source.fail('conditional backref with more than two branches', source.at);
    if (!source.skip(')')) source.fail('missing ), unterminated subpattern', open);
    return { kind: 'condition', number, yes, no };
  }

  /** `(?i)` for the whole pattern, or `(?i-s:...)` for a part. */
  #flagged(start: string, flags: Flags, first: boolean, open: number): Node | undefined {
    const { changed, whole } = readFlags(start, flags, this.#source);
    if (!whole) return this.#closed(this.#choice(changed), open);
    if (!first) this.#source.fail('global flags not at the start of the expression', open);
    if (changed.verbose && !this.#flags.verbose) throw new Verbose();
    this.#flags = changed;
    return undefined;
  }
}

const ANY: Node = { kind: 'set', set: { has: () => true } };
const LINE: Node = { kind: 'set', set: { has: (code) => code !== 10 } };

function literal(code: number, flags: Flags): Node {
  if (!flags.ignoreCase) return { kind: 'character', code };
  const all = flags.ascii ? casesAscii : cases;
  if (all(code).every((other) => other === code)) return { kind: 'character', code };
  return { kind: 'set', set: charset([{ low: code, high: code }], false, all) };
}

/** A group around one character is the character. */
function unit(item: Node): Node {
  return item.kind === 'sequence' && item.items.length === 1 ? item.items[0]! : item;
}
