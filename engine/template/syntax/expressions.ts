// Expressions, with Jinja2's precedence: inline if, or, and, not, comparisons, + -, ~, * / // %, **, signs, then
// postfixes, filters and tests.

import lexer from 'nunjucks/src/lexer.js';
import { float } from '../../model/value.ts';
import { parseInteger } from '../python/numbers.ts';
import { Cursor, describe } from './cursor.ts';
import {
  type Arguments,
  type At,
  type Attribute,
  type Binary,
  type Call,
  type Compare,
  type Concat,
  type Conditional,
  type DictOf,
  type Expression,
  type FilterCall,
  type ListOf,
  type Literal,
  type Lookup,
  make,
  type Name,
  type Slice,
  type TestCall,
  type TupleOf,
  type Unary,
} from './tree.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: null, spreadNamed: null };
const MOST_NESTED = 500;

/** The half of the parser that reads expressions. */
export abstract class ExpressionParser extends Cursor {
  #depth = 0;

  /** An expression; `a if b else c` only where `conditional`. */
  expression(conditional = true): Expression {
    this.#depth += 1;
    if (this.#depth > MOST_NESTED) this.fail('the expression is nested too deeply');
    const node = conditional ? this.#inlineIf() : this.#or();
    this.#depth -= 1;
    return node;
  }

  /** One expression, or a tuple of several without parentheses; `ends` are words that end it. */
  tuple(conditional = true, ...ends: string[]): Expression {
    return this.#tuple(() => this.expression(conditional), false, ends);
  }

  #tuple(part: () => Expression, parentheses: boolean, ends: readonly string[]): Expression {
    const at = this.peekToken();
    const children: Expression[] = [];
    let comma = false;
    for (;;) {
      if (children.length > 0 && !this.skip(lexer.TOKEN_COMMA)) break;
      comma = children.length > 0;
      if (this.#endsTuple(ends)) break;
      children.push(part());
    }
    if (!comma && children.length === 1) return children[0]!;
    if (children.length === 0 && !parentheses) return this.failAt(at, `Expected an expression, got '${describe(at)}'`);
    return make<TupleOf>('Group', at ?? this.last, { children });
  }

  #endsTuple(ends: readonly string[]): boolean {
    const token = this.peekToken();
    if (token === null) return true;
    if (
      token.type === lexer.TOKEN_VARIABLE_END ||
      token.type === lexer.TOKEN_BLOCK_END ||
      token.type === lexer.TOKEN_RIGHT_PAREN
    )
      return true;
    return token.type === lexer.TOKEN_SYMBOL && ends.includes(token.value);
  }

  #inlineIf(): Expression {
    let node = this.#or();
    while (this.skipSymbol('if')) {
      const cond = this.#or();
      const else_ = this.skipSymbol('else') ? this.#inlineIf() : null;
      node = make<Conditional>('InlineIf', node, { cond, body: node, else_ });
    }
    return node;
  }

  #or(): Expression {
    let node = this.#and();
    while (this.skipSymbol('or')) node = make<Binary>('Or', node, { left: node, right: this.#and() });
    return node;
  }

  #and(): Expression {
    let node = this.#not();
    while (this.skipSymbol('and')) node = make<Binary>('And', node, { left: node, right: this.#not() });
    return node;
  }

  #not(): Expression {
    const at = this.peekToken();
    if (at === null || !this.skipSymbol('not')) return this.#compare();
    return make<Unary>('Not', at, { target: this.#not() });
  }

  #compare(): Expression {
    const expr = this.#sum();
    const ops: { expr: Expression; type: string }[] = [];
    for (;;) {
      const token = this.peekToken();
      let type: string;
      if (token?.type === lexer.TOKEN_OPERATOR && COMPARISONS.has(token.value)) type = token.value;
      else if (this.seesWord('in')) type = 'in';
      else if (this.seesWord('not')) type = 'not in';
      else break;
      this.nextToken();
      if (type === 'not in' && !this.skipSymbol('in')) this.failAt(token, "unexpected 'not'");
      ops.push({ expr: this.#sum(), type });
    }
    return ops.length === 0 ? expr : make<Compare>('Compare', expr, { expr, ops });
  }

  #sum(): Expression {
    let node = this.#concat();
    for (;;) {
      if (this.skipOperator('+')) node = make<Binary>('Add', node, { left: node, right: this.#concat() });
      else if (this.skipOperator('-')) node = make<Binary>('Sub', node, { left: node, right: this.#concat() });
      else return node;
    }
  }

  #concat(): Expression {
    const first = this.#product();
    if (!this.skip(lexer.TOKEN_TILDE)) return first;
    const children = [first, this.#product()];
    while (this.skip(lexer.TOKEN_TILDE)) children.push(this.#product());
    return make<Concat>('Concat', first, { children });
  }

  #product(): Expression {
    let node = this.#power();
    for (;;) {
      if (this.skipOperator('*')) node = make<Binary>('Mul', node, { left: node, right: this.#power() });
      else if (this.skipOperator('/')) node = make<Binary>('Div', node, { left: node, right: this.#power() });
      else if (this.skipOperator('//')) node = make<Binary>('FloorDiv', node, { left: node, right: this.#power() });
      else if (this.skipOperator('%')) node = make<Binary>('Mod', node, { left: node, right: this.#power() });
      else return node;
    }
  }

  #power(): Expression {
    let node = this.unary();
    while (this.skipOperator('**')) node = make<Binary>('Pow', node, { left: node, right: this.unary() });
    return node;
  }

  /** A sign or a primary with its postfixes, and filters where `filtered`. */
  unary(filtered = true): Expression {
    const at = this.peekToken();
    let node: Expression;
    if (at !== null && this.skipOperator('-')) node = make<Unary>('Neg', at, { target: this.unary(false) });
    else if (at !== null && this.skipOperator('+')) node = make<Unary>('Pos', at, { target: this.unary(false) });
    else node = this.#primary();
    node = this.#postfix(node);
    return filtered ? this.#filtered(node) : node;
  }

  #primary(): Expression {
    const token = this.nextToken();
    switch (token?.type) {
      case lexer.TOKEN_SYMBOL: {
        const constant = CONSTANTS.get(token.value);
        if (constant !== undefined) return make<Literal>('Literal', token, { value: constant, word: token.value });
        return make<Name>('Symbol', token, { value: token.value });
      }
      case lexer.TOKEN_STRING: {
        let value = token.value;
        while (this.sees(lexer.TOKEN_STRING)) value += this.nextToken()!.value;
        return make<Literal>('Literal', token, { value });
      }
      case lexer.TOKEN_INT:
        return make<Literal>('Literal', token, { value: parseInteger(token.value, 0) ?? 0 });
      case lexer.TOKEN_FLOAT:
        return make<Literal>('Literal', token, { value: float(Number(token.value)) });
      case lexer.TOKEN_LEFT_PAREN: {
        const node = this.#tuple(() => this.expression(), true, []);
        this.take(lexer.TOKEN_RIGHT_PAREN);
        return node;
      }
      case lexer.TOKEN_LEFT_BRACKET:
        return this.#list(token);
      case lexer.TOKEN_LEFT_CURLY:
        return this.#dict(token);
      default:
        return this.failAt(token ?? null, `unexpected '${describe(token ?? null)}'`);
    }
  }

  #list(at: At): Expression {
    const children: Expression[] = [];
    while (!this.sees(lexer.TOKEN_RIGHT_BRACKET)) {
      if (children.length > 0) this.take(lexer.TOKEN_COMMA);
      if (this.sees(lexer.TOKEN_RIGHT_BRACKET)) break;
      children.push(this.expression());
    }
    this.take(lexer.TOKEN_RIGHT_BRACKET);
    return make<ListOf>('Array', at, { children });
  }

  #dict(at: At): Expression {
    const children: { key: Expression; value: Expression }[] = [];
    while (!this.sees(lexer.TOKEN_RIGHT_CURLY)) {
      if (children.length > 0) this.take(lexer.TOKEN_COMMA);
      if (this.sees(lexer.TOKEN_RIGHT_CURLY)) break;
      const key = this.expression();
      this.take(lexer.TOKEN_COLON);
      children.push({ key, value: this.expression() });
    }
    this.take(lexer.TOKEN_RIGHT_CURLY);
    return make<DictOf>('Dict', at, { children });
  }

  #postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.sees(lexer.TOKEN_OPERATOR, '.')) node = this.#dotted(node);
      else if (this.sees(lexer.TOKEN_LEFT_BRACKET)) node = this.#indexed(node);
      else if (this.sees(lexer.TOKEN_LEFT_PAREN)) node = this.call(node);
      else return node;
    }
  }

  #dotted(target: Expression): Expression {
    this.nextToken();
    const token = this.nextToken();
    if (token?.type === lexer.TOKEN_SYMBOL) return make<Attribute>('Attribute', token, { target, name: token.value });
    if (token?.type !== lexer.TOKEN_INT) return this.failAt(token, 'expected name or number');
    const val = make<Literal>('Literal', token, { value: parseInteger(token.value, 0) ?? 0 });
    return make<Lookup>('LookupVal', token, { target, val });
  }

  #indexed(target: Expression): Expression {
    const at = this.nextToken()!;
    const parts: (Expression | Slice)[] = [];
    while (!this.sees(lexer.TOKEN_RIGHT_BRACKET)) {
      if (parts.length > 0) this.take(lexer.TOKEN_COMMA);
      parts.push(this.#index(at));
    }
    this.take(lexer.TOKEN_RIGHT_BRACKET);
    if (parts.length === 1) return make<Lookup>('LookupVal', at, { target, val: parts[0]! });
    if (parts.some((part) => part.typename === 'Slice')) this.failAt(at, 'several slices at once are not supported');
    const val = make<TupleOf>('Group', at, { children: parts as Expression[] });
    return make<Lookup>('LookupVal', at, { target, val });
  }

  #index(at: At): Expression | Slice {
    let start: Expression | null = null;
    if (!this.sees(lexer.TOKEN_COLON)) {
      start = this.expression();
      if (!this.sees(lexer.TOKEN_COLON)) return start;
    }
    this.nextToken();
    const bound = (): Expression | null =>
      this.sees(lexer.TOKEN_COLON) || this.sees(lexer.TOKEN_RIGHT_BRACKET) || this.sees(lexer.TOKEN_COMMA)
        ? null
        : this.expression();
    const stop = bound();
    const step = this.skip(lexer.TOKEN_COLON) ? bound() : null;
    return make<Slice>('Slice', at, { start, stop, step });
  }

  /** The call of `name`, whose parenthesis is next. */
  call(name: Expression): Call {
    const at = this.peekToken() ?? this.last;
    return make<Call>('FunCall', at, { name, args: this.#arguments() });
  }

  #arguments(): Arguments {
    const open = this.take(lexer.TOKEN_LEFT_PAREN);
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    let spread: Expression | null = null;
    let spreadNamed: Expression | null = null;
    const ensure = (holds: boolean): void => {
      if (!holds) this.failAt(open, 'invalid syntax for function call expression');
    };
    let first = true;
    while (!this.sees(lexer.TOKEN_RIGHT_PAREN)) {
      if (!first) {
        this.take(lexer.TOKEN_COMMA);
        if (this.sees(lexer.TOKEN_RIGHT_PAREN)) break;
      }
      first = false;
      if (this.skipOperator('*')) {
        ensure(spread === null && spreadNamed === null);
        spread = this.expression();
      } else if (this.skipOperator('**')) {
        ensure(spreadNamed === null);
        spreadNamed = this.expression();
      } else {
        const value = this.expression();
        if (value.typename === 'Symbol' && this.skipOperator('=')) {
          ensure(spreadNamed === null);
          named.push([value.value, this.expression()]);
        } else {
          ensure(spread === null && spreadNamed === null && named.length === 0);
          positional.push(value);
        }
      }
    }
    this.take(lexer.TOKEN_RIGHT_PAREN);
    return { positional, named, spread, spreadNamed };
  }

  #filtered(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.sees(lexer.TOKEN_PIPE)) {
        this.nextToken();
        node = this.filter(node);
      } else if (this.seesWord('is')) node = this.#test(node);
      else if (this.sees(lexer.TOKEN_LEFT_PAREN)) node = this.call(node);
      else return node;
    }
  }

  /** A filter's name and arguments, and the filters behind it when it starts a chain of its own (`input` null). */
  filter(input: Expression | null): FilterCall {
    const at = this.peekToken() ?? this.last;
    const name = this.#dottedName();
    const args = this.sees(lexer.TOKEN_LEFT_PAREN) ? this.#arguments() : NO_ARGUMENTS;
    const node = make<FilterCall>('Filter', at, { name, args, input });
    return input === null && this.skip(lexer.TOKEN_PIPE) ? this.#chained(node) : node;
  }

  #chained(input: FilterCall): FilterCall {
    const node = this.filter(input);
    return this.skip(lexer.TOKEN_PIPE) ? this.#chained(node) : node;
  }

  #test(left: Expression): Expression {
    const at = this.nextToken()!;
    const negated = this.skipSymbol('not');
    const name = this.#dottedName();
    let args = NO_ARGUMENTS;
    if (this.sees(lexer.TOKEN_LEFT_PAREN)) args = this.#arguments();
    else if (this.#startsArgument()) {
      if (this.seesWord('is')) this.failAt(this.peekToken(), 'You cannot chain multiple tests with is');
      args = { ...NO_ARGUMENTS, positional: [this.#postfix(this.#primary())] };
    }
    const node = make<TestCall>('Is', at, { left, name, args });
    return negated ? make<Unary>('Not', at, { target: node }) : node;
  }

  #startsArgument(): boolean {
    const token = this.peekToken();
    switch (token?.type) {
      case lexer.TOKEN_SYMBOL:
        return !['else', 'or', 'and'].includes(token.value);
      case lexer.TOKEN_STRING:
      case lexer.TOKEN_INT:
      case lexer.TOKEN_FLOAT:
      case lexer.TOKEN_LEFT_BRACKET:
      case lexer.TOKEN_LEFT_CURLY:
        return true;
      default:
        return false;
    }
  }

  #dottedName(): string {
    let name = this.take(lexer.TOKEN_SYMBOL).value;
    while (this.skipOperator('.')) name += `.${this.take(lexer.TOKEN_SYMBOL).value}`;
    return name;
  }
}
