// Cuts a template into the tokens that nunjucks' parser reads, by Jinja2's rules: whitespace control, raw blocks and
// comments are settled here, brackets are counted so that `}}` may close a dict, numbers and strings are Python's.

import lexer from 'nunjucks/src/lexer.js';
import type { Token } from 'nunjucks/src/parser.js';
import type { Dialect } from './dialect.ts';
import { SyntaxFault } from './fault.ts';
import { unescape } from './strings.ts';

const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const STRING = /'(?:[^'\\]*(?:\\[\s\S][^'\\]*)*)'|"(?:[^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const PLAIN_STRING = /'[^']*'|"[^"]*"/y;
const SPACE = /\s+/y;
const LINE_END = /\s*(?:\n|$)/my;
const OPERATOR = /==|!=|>=|<=|\/\/|\*\*|[-+/*%~[\](){}<>=.:|,;]/y;

const TYPES: Readonly<Record<string, string>> = {
  '(': lexer.TOKEN_LEFT_PAREN,
  ')': lexer.TOKEN_RIGHT_PAREN,
  '[': lexer.TOKEN_LEFT_BRACKET,
  ']': lexer.TOKEN_RIGHT_BRACKET,
  '{': lexer.TOKEN_LEFT_CURLY,
  '}': lexer.TOKEN_RIGHT_CURLY,
  ',': lexer.TOKEN_COMMA,
  ':': lexer.TOKEN_COLON,
  '~': lexer.TOKEN_TILDE,
  '|': lexer.TOKEN_PIPE,
};
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

type Kind = 'block' | 'variable' | 'comment' | 'line statement' | 'line comment';
type Mode = 'data' | 'block' | 'variable' | 'line statement' | 'expression';

/** Where a mark was found; `length` counts the blanks before it that belong to it. */
interface Start {
  readonly index: number;
  readonly length: number;
  readonly kind: Kind;
}

/** The tokens of a text, one by one; nunjucks' parser takes it in place of its own tokenizer. */
export class Lexer {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #starts: readonly { readonly mark: RegExp | string; readonly kind: Kind }[];
  #mode: Mode;
  #at = 0;
  #line = 0;
  #lineStart = 0;
  #lineStarting = true;
  #brackets: string[] = [];

  constructor(text: string, dialect: Dialect, expression = false) {
    const plain = text.includes('\r') ? text.replace(/\r\n|\r/g, '\n') : text;
    this.#text = !expression && !dialect.keepTrailingNewline && plain.endsWith('\n') ? plain.slice(0, -1) : plain;
    this.#dialect = dialect;
    this.#mode = expression ? 'expression' : 'data';
    this.#starts = starts(dialect);
  }

  /** The next token, or null at the end. Throws SyntaxFault. */
  nextToken(): Token | null {
    while (this.#mode === 'data') {
      if (this.#at >= this.#text.length) return null;
      const token = this.#data();
      if (token !== undefined) return token;
    }
    return this.#code();
  }

  /** Text up to the next mark; the mark itself comes with the next call, comments and raw blocks never. */
  #data(): Token | undefined {
    const from = this.#at;
    const found = this.#nextStart(from);
    if (found === undefined) {
      const token = this.#token(lexer.TOKEN_DATA, this.#newlines(this.#text.slice(from)));
      this.#advance(this.#text.length);
      return token;
    }
    const { index, length, kind } = found;
    let after = index + length;
    const sign = this.#text[after] === '-' || this.#text[after] === '+' ? this.#text[after]! : '';
    const raw = kind === 'block' ? this.#rawStart(after + sign.length) : undefined;
    const text = this.#before(this.#text.slice(from, index), sign, kind);
    if (text !== '') {
      const token = this.#token(lexer.TOKEN_DATA, this.#newlines(text));
      this.#advance(index);
      return token;
    }
    this.#advance(index);
    after += sign.length;
    if (kind === 'comment') {
      this.#comment(after);
      return undefined;
    }
    if (raw !== undefined) return this.#raw(raw);
    if (kind === 'line comment') {
      const end = this.#text.indexOf('\n', after);
      this.#advance(end < 0 ? this.#text.length : end);
      return undefined;
    }
    const type = kind === 'variable' ? lexer.TOKEN_VARIABLE_START : lexer.TOKEN_BLOCK_START;
    const token = this.#token(type, this.#text.slice(index, after));
    this.#mode = kind;
    this.#brackets = [];
    this.#advance(after);
    return token;
  }

  #nextStart(from: number): Start | undefined {
    let best: Start | undefined;
    for (const { mark, kind } of this.#starts) {
      const [index, length] = place(mark, this.#text, from);
      if (index >= 0 && (best === undefined || index < best.index)) best = { index, length, kind };
    }
    return best;
  }

  /** The text before a mark, stripped as the mark's sign and `lstrip_blocks` say. */
  #before(text: string, sign: string, kind: Kind): string {
    if (sign === '-') return text.trimEnd();
    if (sign === '+' || !this.#dialect.lstripBlocks || kind === 'variable') return text;
    const line = text.lastIndexOf('\n') + 1;
    if ((line > 0 || this.#lineStarting) && text.slice(line).trim() === '') return text.slice(0, line);
    return text;
  }

  /** Goes behind a comment; one that opens at the very end of the text is none. */
  #comment(from: number): void {
    const end = this.#text.indexOf(this.#dialect.commentEnd, from);
    if (from === this.#text.length) {
      this.#advance(from);
      return;
    }
    if (end < 0) this.#fail('Missing end of comment tag');
    const sign = end > from ? this.#text[end - 1]! : '';
    this.#close(end + this.#dialect.commentEnd.length, sign, true);
  }

  /** Where the text of a raw block starts, when `at` stands behind the sign of `{% raw %}`. */
  #rawStart(at: number): { from: number; strip: boolean } | undefined {
    const match = /\s*raw\s*(-?)/y;
    match.lastIndex = at;
    const found = match.exec(this.#text);
    if (found === null || !this.#text.startsWith(this.#dialect.blockEnd, match.lastIndex)) return undefined;
    return { from: match.lastIndex + this.#dialect.blockEnd.length, strip: found[1] === '-' };
  }

  #raw({ from, strip }: { from: number; strip: boolean }): Token | undefined {
    if (from === this.#text.length) {
      this.#advance(from);
      return undefined;
    }
    const { blockStart, blockEnd } = this.#dialect;
    const pattern = new RegExp(`${quoted(blockStart)}([-+]?)\\s*endraw\\s*([-+]?)${quoted(blockEnd)}`, 'g');
    pattern.lastIndex = from;
    const end = pattern.exec(this.#text);
    if (end === null) return this.#fail('Missing end of raw directive');
    let text = this.#text.slice(from, end.index);
    if (strip) text = text.trimStart();
    this.#advance(from);
    const at = this.#text.slice(from, end.index);
    this.#lineStarting = false;
    const kept = end[1] === '-' ? text.trimEnd() : this.#before(text, end[1]!, 'block');
    const token = this.#token(lexer.TOKEN_DATA, this.#newlines(kept));
    this.#advance(from + at.length);
    this.#close(pattern.lastIndex, end[2]!, true);
    return kept === '' ? undefined : token;
  }

  /** Goes behind an end mark: `-` swallows whitespace, `trim_blocks` one newline unless there is a `+`. */
  #close(at: number, sign: string, block: boolean): void {
    let next = at;
    if (sign === '-') {
      SPACE.lastIndex = at;
      if (SPACE.test(this.#text)) next = SPACE.lastIndex;
    } else if (block && sign !== '+' && this.#dialect.trimBlocks && this.#text[at] === '\n') next = at + 1;
    this.#lineStarting = this.#text[next - 1] === '\n';
    this.#advance(next);
  }

  #code(): Token | null {
    const text = this.#text;
    if (this.#mode === 'line statement' && this.#brackets.length === 0) {
      LINE_END.lastIndex = this.#at;
      if (LINE_END.test(text)) {
        const token = this.#token(lexer.TOKEN_BLOCK_END, '\n');
        this.#mode = 'data';
        this.#close(LINE_END.lastIndex, '+', true);
        return token;
      }
    }
    SPACE.lastIndex = this.#at;
    if (SPACE.test(text)) this.#advance(SPACE.lastIndex);
    if (this.#at >= text.length) return null;
    if ((this.#mode === 'block' || this.#mode === 'variable') && this.#brackets.length === 0) {
      const end = this.#mode === 'block' ? this.#dialect.blockEnd : this.#dialect.variableEnd;
      const sign = text[this.#at] === '-' || (text[this.#at] === '+' && this.#mode === 'block') ? text[this.#at]! : '';
      for (const mark of sign === '' ? [''] : [sign, '']) {
        if (!text.startsWith(end, this.#at + mark.length)) continue;
        const block = this.#mode === 'block';
        const token = this.#token(block ? lexer.TOKEN_BLOCK_END : lexer.TOKEN_VARIABLE_END, end);
        this.#mode = 'data';
        this.#close(this.#at + mark.length + end.length, mark, block);
        return token;
      }
    }
    return this.#word();
  }

  #word(): Token {
    const text = this.#text;
    const at = this.#at;
    const behindDot = text[at - 1] === '.';
    for (const [pattern, type] of [
      [FLOAT, lexer.TOKEN_FLOAT],
      [INTEGER, lexer.TOKEN_INT],
      [NAME, lexer.TOKEN_SYMBOL],
    ] as const) {
      if (pattern === FLOAT && behindDot) continue;
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) continue;
      const token = this.#token(type, type === lexer.TOKEN_SYMBOL ? found[0] : found[0].replaceAll('_', ''));
      this.#advance(pattern.lastIndex);
      return token;
    }
    const literal = this.#mode === 'variable' && !this.#dialect.escapesInPrints;
    const pattern = literal && !this.#dialect.escapesQuotes ? PLAIN_STRING : STRING;
    pattern.lastIndex = at;
    const string = pattern.exec(text);
    if (string !== null) {
      const inner = string[0].slice(1, -1);
      const value =
        literal || !inner.includes('\\') ? inner : unescape(inner, () => this.#fail('truncated escape in string'));
      const token = this.#token(lexer.TOKEN_STRING, value);
      this.#advance(pattern.lastIndex);
      return token;
    }
    OPERATOR.lastIndex = at;
    const operator = OPERATOR.exec(text)?.[0];
    if (operator === undefined) return this.#fail(`unexpected char ${quoteChar(text, at)} at ${at}`);
    if (operator in CLOSERS) this.#brackets.push(CLOSERS[operator]!);
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = this.#brackets.pop();
      if (expected === undefined) this.#fail(`unexpected '${operator}'`);
      if (expected !== operator) this.#fail(`unexpected '${operator}', expected '${expected}'`);
    }
    const token = this.#token(TYPES[operator] ?? lexer.TOKEN_OPERATOR, operator);
    this.#advance(OPERATOR.lastIndex);
    return token;
  }

  #token(type: string, value: string): Token {
    return { type, value, lineno: this.#line, colno: this.#at - this.#lineStart };
  }

  #advance(to: number): void {
    for (
      let index = this.#text.indexOf('\n', this.#at);
      index >= 0 && index < to;
      index = this.#text.indexOf('\n', index + 1)
    ) {
      this.#line += 1;
      this.#lineStart = index + 1;
    }
    this.#at = to;
  }

  #newlines(text: string): string {
    return this.#dialect.newlineSequence === '\n' ? text : text.replaceAll('\n', this.#dialect.newlineSequence);
  }

  #fail(message: string): never {
    throw new SyntaxFault(message, this.#line + 1, this.#at - this.#lineStart + 1);
  }
}

/** Where a mark is next, and how long it is there. */
function place(mark: RegExp | string, text: string, from: number): [index: number, length: number] {
  if (typeof mark === 'string') return [text.indexOf(mark, from), mark.length];
  mark.lastIndex = from;
  const found = mark.exec(text);
  return found === null ? [-1, 0] : [found.index, found[0].length];
}

/** The marks that templates begin with: of two at one place the longer one counts. */
function starts(dialect: Dialect): { mark: RegExp | string; kind: Kind }[] {
  const marks: { size: number; mark: RegExp | string; kind: Kind }[] = [
    { size: dialect.blockStart.length, mark: dialect.blockStart, kind: 'block' },
    { size: dialect.variableStart.length, mark: dialect.variableStart, kind: 'variable' },
    { size: dialect.commentStart.length, mark: dialect.commentStart, kind: 'comment' },
  ];
  const { lineStatement: statement, lineComment: comment } = dialect;
  if (statement !== '')
    marks.push({
      size: statement.length,
      mark: new RegExp(`^[ \\t\\v]*${quoted(statement)}`, 'gm'),
      kind: 'line statement',
    });
  if (comment !== '')
    marks.push({
      size: comment.length,
      mark: new RegExp(`(?:^|(?<=\\S))[^\\S\\r\\n]*${quoted(comment)}`, 'gm'),
      kind: 'line comment',
    });
  return marks.sort((a, b) => b.size - a.size);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function quoteChar(text: string, at: number): string {
  const sign = String.fromCodePoint(text.codePointAt(at)!);
  return sign === "'" ? `"'"` : `'${sign}'`;
}
