// Calls: of functions and methods, filters and tests.

import { isDict, Template, type Value } from '../../model/value.ts';
import { attribute } from '../evaluate/access.ts';
import type { Frame } from '../evaluate/frame.ts';
import type { Evaluate } from '../evaluate/instance.ts';
import { shortName } from '../evaluate/names.ts';
import { typeFault } from '../fault.ts';
import { type CallArgs, NO_ARGS, type Traits } from '../library.ts';
import { allowItems } from '../limits.ts';
import { methodOf } from '../methods/tables.ts';
import { nearest } from '../near.ts';
import { iterate } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { typeName } from '../python/types.ts';
import { SyntaxFault } from '../syntax/fault.ts';
import type { Arguments, Call, Expression, FilterCall, TestCall } from '../syntax/tree.ts';
import { Undefined } from '../undefined.ts';
import { expression } from './expressions.ts';
import { type Making, siteOf } from './making.ts';

/** Makes the arguments of a call. */
export type Bind = (frame: Frame) => CallArgs;

/** The closure that makes the arguments; `term` compiles one without a name. */
export function argumentsOf(
  args: Arguments,
  making: Making,
  term: (node: Expression) => Evaluate = (node) => expression(node, making),
): Bind {
  const each = (node: Expression): Evaluate => expression(node, making);
  const positional = args.positional.map(term);
  const named = args.named.map(([name, node]) => [name, each(node)] as const);
  const spread = args.spread === null ? undefined : term(args.spread);
  const spreadNamed = args.spreadNamed === null ? undefined : each(args.spreadNamed);
  if (positional.length + named.length === 0 && spread === undefined && spreadNamed === undefined) return () => NO_ARGS;
  if (named.length === 0 && spread === undefined && spreadNamed === undefined)
    return (frame) => ({ positional: positional.map((arg) => arg(frame)), named: NO_ARGS.named });
  return (frame) => {
    const list = positional.map((arg) => arg(frame));
    if (spread !== undefined) for (const value of iterate(spread(frame))) list.push(value);
    allowItems(list.length, 'the call');
    const keywords = new Map<string, Value>();
    for (const [name, arg] of named) keywords.set(name, arg(frame));
    if (spreadNamed !== undefined) {
      const more = spreadNamed(frame);
      if (!isDict(more)) return typeFault(`argument after ** must be a mapping, not ${typeName(more)}`);
      for (const [name, value] of more) keywords.set(str(name), value);
    }
    return { positional: list, named: keywords };
  };
}

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);

/** `name(args)`: methods of data are found in their tables without an object of their own. */
export function call(node: Call, making: Making): Evaluate {
  const site = siteOf(making, node);
  const { name } = node;
  if (name.typename === 'Attribute') {
    const target = expression(name.target, making);
    const args = argumentsOf(node.args, making);
    const method = name.name;
    return (frame) => {
      const self = target(frame);
      const { run } = frame;
      const found = methodOf(self, method);
      if (found === undefined || found.property) return run.call(attribute(self, method, run), args(frame), site);
      const given = args(frame);
      run.site = site;
      return run.attempt(given, () => found.call(self, given, run));
    };
  }
  const callee = expression(name, making);
  const each = name.typename === 'Symbol' && LOOKUPS.has(name.value) ? embedding(making) : undefined;
  const args = argumentsOf(node.args, making, each);
  return (frame) => {
    const target = callee(frame);
    return frame.run.call(target, args(frame), site);
  };
}

/** In terms of lookups, constants with template marks are rendered, as they were of old; those in containers too. */
function embedding(making: Making): (node: Expression) => Evaluate {
  const inTerms: Making = { ...making, constants: 'rendered' };
  return (node) => expression(node, CONSTANTS.has(node.typename) ? inTerms : making);
}

const CONSTANTS: ReadonlySet<string> = new Set(['Literal', 'Array', 'Group', 'Dict', 'InlineIf']);

/** The first argument that is undefined. */
export function firstUndefined(args: CallArgs): Undefined | undefined {
  for (const value of args.positional) if (value instanceof Undefined && !value.soft) return value;
  if (args.named.size > 0)
    for (const value of args.named.values()) if (value instanceof Undefined && !value.soft) return value;
  return undefined;
}

/** The arguments with trusted text as plain text. */
function plain(args: CallArgs): CallArgs {
  let trusted = args.positional.some((value) => value instanceof Template);
  if (!trusted && args.named.size > 0) for (const value of args.named.values()) trusted ||= value instanceof Template;
  if (!trusted) return args;
  const text = (value: Value): Value => (value instanceof Template ? value.text : value);
  return {
    positional: args.positional.map(text),
    named: new Map(Array.from(args.named, ([name, value]) => [name, text(value)])),
  };
}

/** What the function's traits make of its input and arguments: undefined where it may be called. */
export function settle(traits: Traits, input: Value, args: CallArgs): { input: Value; args: CallArgs } | Undefined {
  if (!traits.takesUndefined) {
    if (input instanceof Undefined && !input.soft) return input;
    const missing = firstUndefined(args);
    if (missing !== undefined) return missing;
  } else if (input instanceof Undefined && input.reason !== undefined) input.trip();
  if (traits.keepsTrust) return { input, args };
  return { input: input instanceof Template ? input.text : input, args: plain(args) };
}

/** `input | name(args)`. */
export function filter(node: FilterCall, making: Making, input: Evaluate): Evaluate {
  const site = siteOf(making, node);
  const name = shortName(node.name);
  const args = argumentsOf(node.args, making);
  const found = making.libraries.filters.get(name);
  if (found === undefined) return unknown('filter', making.libraries.filters, node, making);
  return (frame) => {
    const value = input(frame);
    const given = args(frame);
    frame.run.site = site;
    return frame.run.applyFilter(name, found, value, given);
  };
}

/** A filter before it has an input: `filter` blocks and `set` blocks hand in their text. */
export function chain(node: FilterCall, making: Making, input: Evaluate): Evaluate {
  return filter(node, making, node.input === null ? input : chain(node.input as FilterCall, making, input));
}

/** `left is name(args)`. */
export function test(node: TestCall, making: Making): Evaluate {
  const site = siteOf(making, node);
  const name = shortName(node.name);
  const left = expression(node.left, making);
  const args = argumentsOf(node.args, making);
  const found = making.libraries.tests.get(name);
  if (found === undefined) return unknown('test', making.libraries.tests, node, making);
  return (frame) => {
    const value = left(frame);
    const given = args(frame);
    frame.run.site = site;
    return frame.run.applyTest(name, found, value, given);
  };
}

function unknown(
  kind: 'filter' | 'test',
  known: ReadonlyMap<string, unknown>,
  node: FilterCall | TestCall,
  making: Making,
): Evaluate {
  const fail = (): never => {
    const near = nearest(node.name, known.keys());
    const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined;
    throw new SyntaxFault(`No ${kind} named '${node.name}'.`, node.lineno + 1, node.colno + 1, hint);
  };
  return making.lenient && making.soft > 0 ? fail : fail();
}
