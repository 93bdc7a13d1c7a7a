// nunjucks' parser as a cursor over our tokens, with Jinja2's way of saying what was expected and what was there.

import lexer from 'nunjucks/src/lexer.js';
import parser, { type Token } from 'nunjucks/src/parser.js';
import { SyntaxFault } from './fault.ts';
import type { At } from './tree.ts';

export type { Token };

const WORDS: Readonly<Record<string, string>> = {
  [lexer.TOKEN_BLOCK_START]: 'begin of statement block',
  [lexer.TOKEN_BLOCK_END]: 'end of statement block',
  [lexer.TOKEN_VARIABLE_START]: 'begin of print statement',
  [lexer.TOKEN_VARIABLE_END]: 'end of print statement',
  [lexer.TOKEN_DATA]: 'template data / text',
  [lexer.TOKEN_SYMBOL]: 'name',
  [lexer.TOKEN_STRING]: 'string',
  [lexer.TOKEN_INT]: 'integer',
  [lexer.TOKEN_FLOAT]: 'float',
  [lexer.TOKEN_LEFT_PAREN]: '(',
  [lexer.TOKEN_RIGHT_PAREN]: ')',
  [lexer.TOKEN_LEFT_BRACKET]: '[',
  [lexer.TOKEN_RIGHT_BRACKET]: ']',
  [lexer.TOKEN_LEFT_CURLY]: '{',
  [lexer.TOKEN_RIGHT_CURLY]: '}',
  [lexer.TOKEN_COMMA]: ',',
  [lexer.TOKEN_COLON]: ':',
};

const NAME_LIKE: ReadonlySet<string> = new Set([lexer.TOKEN_SYMBOL, lexer.TOKEN_OPERATOR]);

/** A token as messages show it. */
export function describe(token: Token | null): string {
  if (token === null) return 'end of template';
  return NAME_LIKE.has(token.type) ? token.value : (WORDS[token.type] ?? token.value);
}

/** Keeps the names that nunjucks gives to its cursor; throws SyntaxFault. */
export abstract class Cursor extends parser.Parser {
  /** The place of the last token, for messages at the end of the text. */
  protected last: At = { lineno: 0, colno: 0 };

  override nextToken(): Token | null {
    const token = super.nextToken();
    if (token !== null) this.last = token;
    return token;
  }

  override fail(message: string, lineno = this.last.lineno, colno = this.last.colno): never {
    throw new SyntaxFault(message, lineno + 1, colno + 1);
  }

  /** Fails at the token, or at the end of the text. */
  failAt(token: At | null, message: string): never {
    return this.fail(message, token?.lineno, token?.colno);
  }

  /** The next token, which has to be of the type (and value). */
  take(type: string, value?: string): Token {
    const token = this.nextToken();
    const wanted = value ?? WORDS[type] ?? type;
    if (token === null) return this.fail(`unexpected end of template, expected '${wanted}'.`);
    if (token.type !== type || (value !== undefined && token.value !== value))
      return this.failAt(token, `expected token '${wanted}', got '${describe(token)}'`);
    return token;
  }

  /** Is the next token of the type (and value)? */
  sees(type: string, value?: string): boolean {
    const token = this.peekToken();
    return token !== null && token.type === type && (value === undefined || token.value === value);
  }

  /** Is the next token one of these words? */
  seesWord(...words: string[]): boolean {
    const token = this.peekToken();
    return token !== null && token.type === lexer.TOKEN_SYMBOL && words.includes(token.value);
  }

  /** Takes the operator if it is next. */
  skipOperator(operator: string): boolean {
    return this.skipValue(lexer.TOKEN_OPERATOR, operator);
  }
}
