// Statements: what stands in `{% %}`, on top of nunjucks' dispatch of blocks; and the two ways in, a template or a lone
// expression.

import lexer from 'nunjucks/src/lexer.js';
import { describe, type Token } from './cursor.ts';
import type { Dialect } from './dialect.ts';
import { ExpressionParser } from './expressions.ts';
import { SyntaxFault } from './fault.ts';
import { Lexer } from './lexer.ts';
import {
  type At,
  type Block,
  type Body,
  type CallBlock,
  type Data,
  type Do,
  type Expression,
  type Extends,
  type FilterBlock,
  type For,
  type FromImport,
  type If,
  type Import,
  type Include,
  type LoopControl,
  type MacroOf,
  type Member,
  make,
  type Name,
  type Output,
  type Parameter,
  type Scope,
  type SetBlock,
  type SetOf,
  type Statement,
  type Target,
  type TupleOf,
  type With,
} from './tree.ts';

/** Which statements beyond Jinja2's own are known. */
export interface Extensions {
  readonly do: boolean;
  readonly loopControls: boolean;
}

class TemplateParser extends ExpressionParser {
  readonly #extensions: Extensions;
  readonly #open: { readonly tag: string; readonly ends: readonly string[] }[] = [];
  readonly #blocks = new Set<string>();

  constructor(tokens: Lexer, extensions: Extensions) {
    super(tokens);
    this.#extensions = extensions;
  }

  /** The whole text. */
  template(): Body {
    return make<Body>('Root', { lineno: 0, colno: 0 }, { children: this.parseNodes() });
  }

  /** The whole text as one expression. */
  lone(): Expression {
    const node = this.expression();
    const rest = this.peekToken();
    if (rest !== null) this.failAt(rest, `chunk after expression`);
    return node;
  }

  override parseNodes(): Statement[] {
    const statements: Statement[] = [];
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      if (token.type === lexer.TOKEN_DATA)
        statements.push(output(token, [make<Data>('TemplateData', token, { value: token.value })]));
      else if (token.type === lexer.TOKEN_VARIABLE_START) {
        statements.push(output(token, [this.tuple()]));
        this.take(lexer.TOKEN_VARIABLE_END);
      } else {
        const statement = this.parseStatement();
        if (statement === null) return statements;
        statements.push(statement);
      }
    }
    const open = this.#open.at(-1);
    if (open !== undefined) this.fail(`Unexpected end of template. ${lookingFor(open)}`);
    return statements;
  }

  /** The statement whose tag is next; null where the tag ends the block that is being read. */
  override parseStatement(): Statement | null {
    const token = this.peekToken();
    if (token?.type !== lexer.TOKEN_SYMBOL) return this.failAt(token, 'tag name expected');
    if (this.breakOnBlocks?.includes(token.value)) return null;
    this.nextToken();
    const parse = this.#tag(token);
    if (parse === undefined) {
      const open = this.#open.at(-1);
      return this.failAt(
        token,
        `Encountered unknown tag '${token.value}'.${open === undefined ? '' : ` ${lookingFor(open)}`}`,
      );
    }
    return parse();
  }

  #tag(token: Token): (() => Statement) | undefined {
    switch (token.value) {
      case 'if':
        return () => this.#if(token);
      case 'for':
        return () => this.#for(token);
      case 'set':
        return () => this.#set(token);
      case 'macro':
        return () => this.#macro(token);
      case 'call':
        return () => this.#callBlock(token);
      case 'filter':
        return () => this.#filterBlock(token);
      case 'with':
        return () => this.#with(token);
      case 'block':
        return () => this.#block(token);
      case 'extends':
        return () => this.#ended(make<Extends>('Extends', token, { template: this.expression() }));
      case 'include':
        return () => this.#include(token);
      case 'import':
        return () => this.#import(token);
      case 'from':
        return () => this.#from(token);
      case 'print':
        return () => this.#print(token);
      case 'autoescape':
        return () => this.#autoescape(token);
      case 'do':
        return this.#extensions.do ? () => this.#ended(make<Do>('Do', token, { value: this.tuple() })) : undefined;
      case 'break':
      case 'continue':
        return this.#extensions.loopControls
          ? () => this.#ended(make<LoopControl>(token.value === 'break' ? 'Break' : 'Continue', token, {}))
          : undefined;
      default:
        return undefined;
    }
  }

  #print(at: At): Output {
    const children: Expression[] = [];
    while (!this.sees(lexer.TOKEN_BLOCK_END)) {
      if (children.length > 0) this.take(lexer.TOKEN_COMMA);
      children.push(this.expression());
    }
    return this.#ended(output(at, children));
  }

  #ended<T>(node: T): T {
    this.take(lexer.TOKEN_BLOCK_END);
    return node;
  }

  /** The statements up to one of the tags; the tag is left to be read. */
  #body(tag: string, ...ends: string[]): Body {
    // As in Python, a colon may stand there.
    this.skip(lexer.TOKEN_COLON);
    this.take(lexer.TOKEN_BLOCK_END);
    this.#open.push({ tag, ends });
    const at = this.last;
    const before = this.breakOnBlocks;
    this.breakOnBlocks = ends;
    const children = this.parseNodes();
    this.breakOnBlocks = before;
    this.#open.pop();
    return make<Body>('NodeList', at, { children });
  }

  /** The statements up to the end tag, which is read too. */
  #whole(tag: string): Body {
    const body = this.#body(tag, `end${tag}`);
    this.nextToken();
    this.take(lexer.TOKEN_BLOCK_END);
    return body;
  }

  #if(at: At): If {
    const cond = this.tuple(false);
    const body = this.#body('if', 'elif', 'else', 'endif');
    const word = this.nextToken();
    let else_: Body | If | null = null;
    if (word?.value === 'elif') else_ = this.#if(word);
    else if (word?.value === 'else') {
      else_ = this.#body('if', 'endif');
      this.nextToken();
      this.take(lexer.TOKEN_BLOCK_END);
    } else this.take(lexer.TOKEN_BLOCK_END);
    return make<If>('If', at, { cond, body, else_ });
  }

  #for(at: At): For {
    const name = this.#target(false, 'in');
    this.take(lexer.TOKEN_SYMBOL, 'in');
    const arr = this.tuple(false, 'recursive');
    const test = this.skipSymbol('if') ? this.expression() : null;
    const recursive = this.skipSymbol('recursive');
    const body = this.#body('for', 'endfor', 'else');
    let else_: Body | null = null;
    if (this.nextToken()?.value === 'else') {
      else_ = this.#body('for', 'endfor');
      this.nextToken();
    }
    this.take(lexer.TOKEN_BLOCK_END);
    return make<For>('For', at, { arr, name, body, else_, test, recursive });
  }

  /** What is assigned to: a name, names in a tuple, or `namespace.name` where `members`. */
  #target(members: boolean, ...ends: string[]): Target {
    const first = this.peekToken();
    const node = this.#targets(members, ends);
    if (node === undefined) return this.failAt(first, `Expected an expression, got '${describe(first)}'`);
    return node;
  }

  #targets(members: boolean, ends: readonly string[]): Target | undefined {
    const at = this.peekToken() ?? this.last;
    const children: Target[] = [];
    let comma = false;
    for (;;) {
      if (children.length > 0) {
        if (!this.skip(lexer.TOKEN_COMMA)) break;
        comma = true;
      }
      const token = this.peekToken();
      if (token?.type === lexer.TOKEN_LEFT_PAREN || token?.type === lexer.TOKEN_LEFT_BRACKET) {
        if (token.type === lexer.TOKEN_LEFT_BRACKET) this.failAt(token, "can't assign to 'list'");
        this.nextToken();
        const inner = this.#targets(members, []);
        this.take(lexer.TOKEN_RIGHT_PAREN);
        if (inner !== undefined) children.push(inner);
      } else if (token?.type === lexer.TOKEN_SYMBOL && !ends.includes(token.value))
        children.push(this.#name(members, ends));
      else break;
    }
    if (children.length === 0) return undefined;
    if (children.length === 1 && !comma) return children[0];
    return make<TupleOf>('Group', at, { children: children as never }) as unknown as Target;
  }

  #name(members: boolean, ends: readonly string[]): Target {
    const token = this.take(lexer.TOKEN_SYMBOL);
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(token.value))
      this.failAt(token, `can't assign to 'const'`);
    if (token.value === 'loop' && (ends.includes('in') || this.#open.some(({ tag }) => tag === 'for')))
      this.failAt(token, `Can't assign to special loop variable in for-loop target`);
    if (members && this.skipOperator('.')) {
      const name = this.take(lexer.TOKEN_SYMBOL).value;
      return make<Member>('Member', token, { object: token.value, name });
    }
    return make<Name>('Symbol', token, { value: token.value });
  }

  #set(at: At): Statement {
    const target = this.#target(true);
    if (this.skipOperator('=')) return this.#ended(make<SetOf>('Set', at, { targets: target, value: this.tuple() }));
    const filter = this.skip(lexer.TOKEN_PIPE) ? this.filter(null) : null;
    return make<SetBlock>('SetBlock', at, { target, filter, body: this.#whole('set') });
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = [];
    this.take(lexer.TOKEN_LEFT_PAREN);
    while (!this.sees(lexer.TOKEN_RIGHT_PAREN)) {
      if (parameters.length > 0) this.take(lexer.TOKEN_COMMA);
      const token = this.take(lexer.TOKEN_SYMBOL);
      const initial = this.skipOperator('=') ? this.expression() : null;
      if (initial === null && parameters.some((parameter) => parameter.initial !== null))
        this.failAt(token, 'non-default argument follows default argument');
      if (parameters.some(({ name }) => name === token.value))
        this.failAt(token, `duplicate argument '${token.value}' in function definition`);
      if (token.value === 'caller' && initial === null)
        this.failAt(token, "a parameter 'caller' of a macro needs a default");
      parameters.push({ name: token.value, initial });
    }
    this.take(lexer.TOKEN_RIGHT_PAREN);
    return parameters;
  }

  #macro(at: At): MacroOf {
    const name = this.take(lexer.TOKEN_SYMBOL).value;
    const args = this.#parameters();
    return make<MacroOf>('Macro', at, { name, args, body: this.#whole('macro') });
  }

  #callBlock(at: At): CallBlock {
    const args = this.sees(lexer.TOKEN_LEFT_PAREN) ? this.#parameters() : [];
    const call = this.expression();
    if (call.typename !== 'FunCall') return this.failAt(at, 'expected call');
    return make<CallBlock>('CallBlock', at, { call, args, body: this.#whole('call') });
  }

  #filterBlock(at: At): FilterBlock {
    const filter = this.filter(null);
    return make<FilterBlock>('FilterBlock', at, { filter, body: this.#whole('filter') });
  }

  #with(at: At): With {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (!this.sees(lexer.TOKEN_BLOCK_END)) {
      if (targets.length > 0) this.take(lexer.TOKEN_COMMA);
      targets.push(this.#target(false));
      this.take(lexer.TOKEN_OPERATOR, '=');
      values.push(this.expression());
    }
    return make<With>('With', at, { targets, values, body: this.#whole('with') });
  }

  #block(at: At): Block {
    const name = this.take(lexer.TOKEN_SYMBOL).value;
    if (this.#blocks.has(name)) this.failAt(at, `block '${name}' defined twice`);
    this.#blocks.add(name);
    const scoped = this.skipSymbol('scoped');
    const required = this.skipSymbol('required');
    const body = this.#body('block', 'endblock');
    this.nextToken();
    if (this.sees(lexer.TOKEN_SYMBOL)) this.take(lexer.TOKEN_SYMBOL, name);
    this.take(lexer.TOKEN_BLOCK_END);
    return make<Block>('Block', at, { name, body, scoped, required });
  }

  #include(at: At): Include {
    const template = this.expression();
    const ignoreMissing = this.skipSymbol('ignore');
    if (ignoreMissing) this.take(lexer.TOKEN_SYMBOL, 'missing');
    return this.#ended(make<Include>('Include', at, { template, ignoreMissing, withContext: this.#context(true) }));
  }

  #context(initial: boolean): boolean {
    if (!this.seesWord('with', 'without')) return initial;
    const word = this.nextToken()!.value;
    this.take(lexer.TOKEN_SYMBOL, 'context');
    return word === 'with';
  }

  #import(at: At): Import {
    const template = this.expression();
    this.take(lexer.TOKEN_SYMBOL, 'as');
    const target = this.take(lexer.TOKEN_SYMBOL).value;
    return this.#ended(make<Import>('Import', at, { template, target, withContext: this.#context(false) }));
  }

  #from(at: At): FromImport {
    const template = this.expression();
    this.take(lexer.TOKEN_SYMBOL, 'import');
    const names: [string, string][] = [];
    for (;;) {
      if (names.length > 0 && !this.skip(lexer.TOKEN_COMMA)) break;
      if (names.length > 0 && this.seesWord('with', 'without')) break;
      const token = this.take(lexer.TOKEN_SYMBOL);
      if (token.value.startsWith('_')) this.failAt(token, 'names starting with an underline can not be imported');
      names.push([token.value, this.skipSymbol('as') ? this.take(lexer.TOKEN_SYMBOL).value : token.value]);
    }
    return this.#ended(make<FromImport>('FromImport', at, { template, names, withContext: this.#context(false) }));
  }

  /** Nothing is ever escaped for HTML, so the block is only a scope of its own. */
  #autoescape(at: At): Scope {
    this.expression();
    return make<Scope>('Scope', at, { body: this.#whole('autoescape') });
  }
}

function output(at: At, children: Output['children']): Output {
  return make<Output>('Output', at, { children });
}

function lookingFor(open: { readonly tag: string; readonly ends: readonly string[] }): string {
  const ends = open.ends.map((end) => `'${end}'`).join(' or ');
  return `Jinja was looking for the following tags: ${ends}. The innermost block that needs to be closed is '${open.tag}'.`;
}

/** The tree of a template's text. Throws SyntaxFault. */
export function parseTemplate(text: string, dialect: Dialect, extensions: Extensions): Body {
  return guarded(() => new TemplateParser(new Lexer(text, dialect), extensions).template());
}

/** The tree of a lone expression. Throws SyntaxFault. */
export function parseExpression(text: string, dialect: Dialect): Expression {
  const plain = { do: false, loopControls: false };
  return guarded(() => new TemplateParser(new Lexer(text, dialect, true), plain).lone());
}

/** A text that is nested beyond the stack is refused like any other that cannot be read. */
function guarded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxFault('the template is nested too deeply', 1, 1);
    throw error;
  }
}
