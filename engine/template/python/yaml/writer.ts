// Writes the pieces of a YAML stream: indicators, indentation and scalars in each of the five styles, with line folding
// where libyaml folds.

import { isBreak, isPrintable } from './analysis.ts';

export type Style = 'plain' | 'single' | 'double' | 'literal' | 'folded';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** A growing YAML text that knows its column and whether it stands after white space or indentation. */
export class Writer {
  private readonly pieces: string[] = [];
  private readonly width: number;
  private readonly lineBreak: string;
  private readonly step: number;
  column = 0;
  whitespace = true;
  indention = true;
  /** True after a block scalar whose last line breaks count: the document then needs an end mark. */
  openEnded = false;

  /** `step` is the number of columns of one level. */
  constructor(width: number, step: number, lineBreak: string) {
    this.width = width;
    this.step = step;
    this.lineBreak = lineBreak;
  }

  text(): string {
    return this.pieces.join('');
  }

  get isWide(): boolean {
    return this.column > this.width;
  }

  /** An indicator such as `-` or `:`. */
  indicator(text: string, needsSpace: boolean, isSpace = false, isIndention = false): void {
    if (needsSpace && !this.whitespace) this.put(' ');
    this.put(text);
    this.openEnded = false;
    this.whitespace = isSpace;
    this.indention = this.indention && isIndention;
  }

  /** Goes to the column `indent`, on a new line unless already there. */
  indent(indent: number): void {
    const wanted = Math.max(indent, 0);
    if (!this.indention || this.column > wanted || (this.column === wanted && !this.whitespace)) this.newline();
    if (this.column < wanted) this.put(' '.repeat(wanted - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  newline(): void {
    this.pieces.push(this.lineBreak);
    this.column = 0;
  }

  scalar(chars: readonly string[], style: Style, indent: number, foldable: boolean, inFlow: boolean): void {
    if (style === 'plain') this.plain(chars, indent, foldable, inFlow);
    else if (style === 'single') this.single(chars, indent, foldable);
    else if (style === 'double') this.double(chars, indent, foldable);
    else this.block(chars, indent, style);
  }

  private put(text: string): void {
    this.pieces.push(text);
    this.column += text.length;
  }

  private plain(chars: readonly string[], indent: number, foldable: boolean, inFlow: boolean): void {
    this.openEnded = false;
    if (!this.whitespace && (chars.length > 0 || inFlow)) this.put(' ');
    let afterSpace = false;
    for (const [i, char] of chars.entries()) {
      if (char === ' ' && foldable && !afterSpace && this.isWide && chars[i + 1] !== ' ') this.indent(indent);
      else this.put(char);
      afterSpace = char === ' ';
      if (!afterSpace) this.indention = false;
    }
    this.whitespace = false;
    this.indention = false;
  }

  private single(chars: readonly string[], indent: number, foldable: boolean): void {
    this.indicator("'", true);
    let afterSpace = false;
    let afterBreak = false;
    for (const [i, char] of chars.entries()) {
      if (char === ' ') {
        const inside = i > 0 && i < chars.length - 1;
        if (foldable && !afterSpace && this.isWide && inside && chars[i + 1] !== ' ') this.indent(indent);
        else this.put(char);
        afterSpace = true;
      } else if (isBreak(char)) {
        if (!afterBreak && char === '\n') this.newline();
        this.writeBreak(char);
        this.indention = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.indent(indent);
        this.put(char === "'" ? "''" : char);
        this.indention = false;
        afterSpace = false;
        afterBreak = false;
      }
    }
    if (afterBreak) this.indent(indent);
    this.indicator("'", false);
    this.whitespace = false;
    this.indention = false;
  }

  private double(chars: readonly string[], indent: number, foldable: boolean): void {
    this.indicator('"', true);
    let afterSpace = false;
    for (const [i, char] of chars.entries()) {
      if (char === ' ') {
        const inside = i > 0 && i < chars.length - 1;
        if (foldable && !afterSpace && this.isWide && inside) {
          this.indent(indent);
          if (chars[i + 1] === ' ') this.put('\\');
        } else this.put(char);
        afterSpace = true;
      } else {
        this.put(isPrintable(char) && !isBreak(char) && char !== '"' && char !== '\\' ? char : escaped(char));
        afterSpace = false;
      }
    }
    this.indicator('"', false);
    this.whitespace = false;
    this.indention = false;
  }

  private block(chars: readonly string[], indent: number, style: 'literal' | 'folded'): void {
    this.indicator(style === 'literal' ? '|' : '>', true);
    this.put(this.blockHints(chars));
    this.newline();
    this.indention = true;
    this.whitespace = true;
    let afterBreak = true;
    let leadingSpaces = true;
    for (const [i, char] of chars.entries()) {
      if (isBreak(char)) {
        if (style === 'folded' && !afterBreak && !leadingSpaces && char === '\n') {
          let k = i;
          while (isBreak(chars[k])) k += 1;
          if (chars[k] !== undefined && chars[k] !== ' ' && chars[k] !== '\t') this.newline();
        }
        this.writeBreak(char);
        this.indention = true;
        afterBreak = true;
        continue;
      }
      if (afterBreak) {
        this.indent(indent);
        leadingSpaces = char === ' ' || char === '\t';
      }
      if (style === 'folded' && !afterBreak && char === ' ' && chars[i + 1] !== ' ' && this.isWide) this.indent(indent);
      else this.put(char);
      this.indention = false;
      afterBreak = false;
    }
  }

  private blockHints(chars: readonly string[]): string {
    const hint = chars[0] === ' ' || isBreak(chars[0]) ? String(this.step) : '';
    const last = chars[chars.length - 1];
    if (!isBreak(last)) return `${hint}-`;
    this.openEnded = chars.length === 1 || isBreak(chars[chars.length - 2]);
    return this.openEnded ? `${hint}+` : hint;
  }

  private writeBreak(char: string): void {
    if (char === '\n') this.newline();
    else {
      this.pieces.push(char);
      this.column = 0;
    }
  }
}

function escaped(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const point = char.codePointAt(0)!;
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
