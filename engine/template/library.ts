// The contract between the evaluator and what it calls by name: filters, tests, lookups. They are plain functions over
// values; everything of the outside that they need comes through the `Env` they are handed.

import type { Position } from '../model/position.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Context, FileOptions } from './contract.ts';
import { Fault } from './fault.ts';
import type { Declared, Options } from './options.ts';

/** Arguments of a call as written: `f(1, 2, key=3)`. */
export interface CallArgs {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export const NO_ARGS: CallArgs = { positional: [], named: new Map() };

/** Arguments without keywords. */
export function positional(...values: Value[]): CallArgs {
  return { positional: values, named: NO_ARGS.named };
}

/** How a function of a library is treated by the evaluator. */
export interface Traits {
  /**
   * True when `Undefined` values may be handed in, as input or argument (default, mandatory, type_debug, defined).
   * Otherwise the evaluator answers for them and the function never sees one at the top; elements of containers may
   * still be `Undefined` and are handed on as they are, or throw in `str`, `equals`, `compare` ... when they are used.
   */
  readonly takesUndefined?: boolean;
  /**
   * True when a `Template` (a string constant with template marks) may be handed in and out: for functions that choose
   * among their arguments and do not make new text (default, ternary, first ...). Otherwise it comes as a string.
   */
  readonly keepsTrust?: boolean;
  /** True for filters whose text is Markup where their input is. */
  readonly keepsMarkup?: boolean;
}

/**
 * A filter. Containers that it receives are never changed by it; dicts may be views (subclasses of Map) that render their
 * values when read. Throws `Fault`.
 */
export interface Filter extends Traits {
  call(input: Value, args: CallArgs, env: Env): Value;
}

/** A test of `is`. Throws `Fault`. */
export interface Test extends Traits {
  call(input: Value, args: CallArgs, env: Env): boolean;
}

/**
 * A lookup. `terms` is the flat list that the lookup's plugin would be given; `options` the keywords except `wantlist`
 * and `errors`, which the evaluator handles. Strings in the result are never templates. Throws `Fault`.
 */
export interface Lookup {
  /** The options that it has; none are looked at where it does not say. */
  readonly options?: Declared;
  run(terms: readonly Value[], options: Options, env: Env): Value[];
  /** True when `terms` that are undefined may be handed in (first_found, vars with a default). */
  readonly takesUndefined?: boolean;
  /** True when texts in the terms of a loop are expressions: what the play writes plainly comes as a `Template` of it. */
  readonly takesExpressions?: boolean;
}

/** What a function of a library may ask of the evaluation it is called in. */
export interface Env {
  readonly context: Context;
  readonly typing: 'modern' | 'classic';
  /** The place of the template that is being evaluated. */
  readonly position: Position | undefined;
  /** Calls a filter by its name. Throws a Fault when there is none of that name. */
  filter(name: string, input: Value, args?: CallArgs): Value;
  /** Calls a test by its name, likewise. */
  test(name: string, input: Value, args?: CallArgs): boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  /** Runs a lookup by its name; the flat list of its answers. */
  lookup(name: string, terms: readonly Value[], options?: ReadonlyMap<string, Value>): Value[];
  /** Calls a macro, a bound method or a global function. */
  call(callable: Value, args: CallArgs): Value;
  /** `value.name`, or `Undefined`: methods and attributes first, then items. */
  attribute(value: Value, name: string): Value;
  /** `value[key]`, or `Undefined`: items first, then attributes. */
  item(value: Value, key: Value): Value;
  /** A variable, rendered; undefined when there is none of that name. */
  variable(name: string): Value | undefined;
  /** The names of all variables in scope. */
  variableNames(): Iterable<string>;
  /** Renders what is trusted: templates in `value` are rendered, plain strings are not. `vars` lie over the variables. */
  render(value: Value, vars?: Dict): Value;
  /** Evaluates a trusted expression without braces. */
  evaluate(expression: string): Value;
  /** What a template file is: text, and in modern typing the value of a lone expression. Includes are searched from its folder. */
  renderFile(text: string, options: FileOptions): Value;
}

/**
 * Parameters in the order of their positions; a name that ends in `?` is optional, `*name` takes the further ones, and
 * what stands before a `/` cannot be given by name.
 */
export type Signature = readonly string[];

interface Parameter {
  readonly kind: 'one' | 'rest' | 'named';
  readonly key: string;
  readonly optional: boolean;
  /** Can it be given by its name? */
  readonly byName: boolean;
}

/** Signatures are constants of the libraries: each is read once. */
const read = new WeakMap<Signature, readonly Parameter[]>();

function parametersOf(signature: Signature): readonly Parameter[] {
  let parameters = read.get(signature);
  if (parameters === undefined) {
    const border = signature.indexOf('/');
    parameters = signature
      .filter((word) => word !== '/')
      .map((word, place): Parameter => {
        const kind = word.startsWith('**') ? 'named' : word.startsWith('*') ? 'rest' : 'one';
        return { kind, key: word.replace(/^\*+|\?$/g, ''), optional: word.endsWith('?'), byName: place >= border };
      });
    read.set(signature, parameters);
  }
  return parameters;
}

/**
 * The arguments in the order of `signature`, undefined where an optional one is missing; `*rest` gives an array of the
 * remaining positional ones, `**rest` a Map of the remaining keywords (as a dict). Throws as Python does.
 */
export function bind(name: string, args: CallArgs, signature: Signature): (Value | undefined)[] {
  const { positional: given, named: keywords } = args;
  const bound: (Value | undefined)[] = [];
  let index = 0;
  let taken = 0;
  let open = false;
  for (const { kind, key, optional, byName } of parametersOf(signature)) {
    if (kind === 'named') {
      const rest: Dict = new Map();
      for (const [word, value] of keywords) if (!declares(signature, word)) rest.set(word, value);
      taken = keywords.size;
      bound.push(rest);
    } else if (kind === 'rest') {
      bound.push(given.slice(index));
      open = true;
      index = given.length;
    } else {
      const named = keywords.size === 0 || !byName ? undefined : keywords.get(key);
      if (named !== undefined) taken += 1;
      if (index < given.length) {
        if (named !== undefined) throw new Fault('TypeError', `${name}() got multiple values for argument '${key}'`);
        bound.push(given[index]);
        index += 1;
      } else if (named !== undefined) bound.push(named);
      else if (optional) bound.push(undefined);
      else throw new Fault('TypeError', `${name}() missing 1 required positional argument: '${key}'`);
    }
  }
  if (!open && index < given.length) {
    const most = parametersOf(signature).filter(({ kind }) => kind === 'one').length;
    throw new Fault(
      'TypeError',
      `${name}() takes ${most} positional argument${most === 1 ? '' : 's'} but ${given.length} ${given.length === 1 ? 'was' : 'were'} given`,
    );
  }
  if (taken < keywords.size) {
    if (!parametersOf(signature).some(({ byName }) => byName))
      throw new Fault('TypeError', `${name}() takes no keyword arguments`);
    for (const key of keywords.keys())
      if (!declares(signature, key))
        throw new Fault('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
  }
  return bound;
}

function declares(signature: Signature, key: string): boolean {
  return parametersOf(signature).some(
    (parameter) => parameter.kind === 'one' && parameter.byName && parameter.key === key,
  );
}

/** All that can be called by name; each of the three folders exports its own map. */
export interface Libraries {
  readonly filters: ReadonlyMap<string, Filter>;
  readonly tests: ReadonlyMap<string, Test>;
  readonly lookups: ReadonlyMap<string, Lookup>;
}
