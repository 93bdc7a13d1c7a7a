// One evaluation: the variables it has read, the way it took, and what filters, tests and lookups may ask of it.

import type { Position } from '../../model/position.ts';
import { type Dict, isStanding, type Scope, Template, Unsafe, type Value, Vaulted } from '../../model/value.ts';
import { firstUndefined, settle } from '../compile/calls.ts';
import type { Compiler } from '../compile/compiler.ts';
import type { Context, FileOptions } from '../contract.ts';
import { Fault, typeFault } from '../fault.ts';
import { type CallArgs, type Env, type Filter, type Libraries, NO_ARGS, type Test } from '../library.ts';
import { MOST_DEPTH } from '../limits.ts';
import { type Declared, Options } from '../options.ts';
import { Markup, typeName } from '../python/types.ts';
import { Undefined, UndefinedFault } from '../undefined.ts';
import { attribute, item } from './access.ts';
import { Self } from './blocks.ts';
import { Callable } from './callable.ts';
import { Frame } from './frame.ts';
import { GLOBALS } from './globals.ts';
import { Instance, type Unit } from './instance.ts';
import { view } from './lazy.ts';
import { Macro } from './macro.ts';
import { shortName } from './names.ts';
import { overlay } from './overlay.ts';
import { type Origin, positionOf, type Site, type Trail } from './site.ts';
import type { Typing } from './typing.ts';

const LOOP = 'Recursive loop detected in template: maximum recursion depth exceeded';
const MOST_ROUNDS = 1_000_000;

export class Run implements Env {
  readonly compiler: Compiler;
  readonly libraries: Libraries;
  readonly types: Typing;
  readonly context: Context;
  /** The file of the template, for includes. */
  readonly file: string | undefined;
  site: Site | undefined;
  trail: Trail | undefined;
  /** What is undefined, told in its place, where the value is for the eye: the messages so far. */
  missing: string[] | undefined;
  #depth: number;
  #rounds = 0;
  readonly #values = new Map<string, Value>();
  readonly #active = new Set<Template>();

  constructor(compiler: Compiler, typing: Typing, context: Context, file?: string, outer?: Run) {
    this.compiler = compiler;
    this.libraries = compiler.libraries;
    this.types = typing;
    this.context = context;
    this.file = file ?? outer?.file;
    this.site = undefined;
    this.trail = outer?.trail;
    this.missing = outer?.missing;
    this.#depth = outer === undefined ? 0 : outer.#depth + 1;
  }

  // What the evaluator asks.

  /** A variable, rendered, or a global, or Undefined. */
  read(name: string): Value {
    const value = this.variable(name);
    return value === undefined ? this.global(name) : value;
  }

  /** A global, or Undefined. */
  global(name: string): Value {
    return GLOBALS.get(name) ?? this.undefined(`'${name}' is undefined`, name, () => this.variableNames());
  }

  variable(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const raw = this.context.scope.get(name);
    if (raw === undefined) return undefined;
    // Variables of all hosts are never wanted whole.
    const value = this.types.whole && !isStanding(raw) ? this.#whole(raw) : this.resolve(raw);
    this.#values.set(name, value);
    return value;
  }

  /** The value rendered deeply; Undefined where anything in it is. */
  #whole(raw: Value): Value {
    if (typeof raw !== 'object' || raw === null) return raw;
    try {
      return this.types.finish(this.resolve(raw));
    } catch (error) {
      if (error instanceof UndefinedFault) return error.value;
      throw error;
    }
  }

  variableNames(): Iterable<string> {
    return this.context.scope.names();
  }

  /** The value with its templates behind a view; a template itself is rendered. */
  resolve(raw: Value): Value {
    return view(raw, this);
  }

  /** An Undefined that knows where it arose. */
  undefined(message: string, name?: string, names?: () => Iterable<string>): Undefined {
    const value = new Undefined(message, name);
    value.origin = this.origin;
    value.names = names;
    return value;
  }

  get origin(): Origin {
    return { site: this.site, trail: this.trail };
  }

  /** What a template of a variable is; Undefined where something it needs is. */
  renderTemplate(template: Template): Value {
    if (template instanceof Unsafe) return template.text;
    if (template instanceof Vaulted) return this.#open(template);
    if (this.#active.has(template)) throw new Fault('LimitError', LOOP);
    this.#active.add(template);
    try {
      const value = this.step(template.text, template.position, () =>
        this.evaluateUnit(this.compiler.template(template.text)),
      );
      return value instanceof Undefined && this.#leavesUndefined ? template.text : value;
    } catch (error) {
      if (!(error instanceof UndefinedFault)) throw error;
      return this.#leavesUndefined ? template.text : error.value;
    } finally {
      this.#active.delete(template);
    }
  }

  #open({ text, position }: Vaulted): string {
    return this.context.services.reveal(text, position ?? { file: '<unknown>', line: 1, column: 1 });
  }

  /** Classic typing can be told to leave templates as they are that need what is undefined; 2.19 no longer can. */
  get #leavesUndefined(): boolean {
    return this.types.whole && !this.compiler.settings.errorOnUndefined;
  }

  /** A string constant that is a template: rendered with a warning, where the settings allow it. */
  renderEmbedded(text: string): Value {
    if (!this.compiler.settings.allowEmbeddedTemplates) return this.types.whole ? new Template(text) : text;
    this.context.warn(
      'Jinja constant strings should not contain embedded templates. This feature will be disabled by default in ansible-core 2.23.',
      this.position,
    );
    return this.renderTemplate(new Template(text, this.position));
  }

  /** The value of a compiled template as a value of its own; of a file where `asFile`, which classic typing takes as text. */
  evaluateUnit(unit: Unit, asFile = false): Value {
    const instance = new Instance(unit);
    const frame = new Frame(this, instance);
    const { types } = this;
    if (types.name === 'modern' && unit.lone !== undefined) return types.result(unit.lone(frame), unit.ending, 'any');
    const keepsText = unit.keepsText || asFile;
    // A variable's own value keeps its type; what its template makes is printed, and read again like any other text.
    if (unit.loneName !== undefined && !asFile && !(this.context.scope.get(unit.loneName) instanceof Template)) {
      const value = frame.find(unit.loneName);
      return typeof value === 'string' ? types.result(value, unit.ending, 'any') : value;
    }
    const out: Value[] = [];
    this.print(instance, frame, out);
    const pieces = this.missing === undefined ? out : out.map((piece) => this.placed(piece));
    return types.result(types.join(pieces), unit.ending, keepsText ? 'text' : 'any');
  }

  /** The value, or what stands in its place where it is undefined. */
  placed(value: Value): Value {
    if (!(value instanceof Undefined) || value.soft || value.reason !== undefined || this.missing === undefined)
      return value;
    return this.placeholder(value.message);
  }

  placeholder(message: string): string {
    const number = this.missing?.push(message) ?? 1;
    return `<< error ${number} - ${message} >>`;
  }

  /** Runs a template and those that it extends. */
  print(instance: Instance, frame: Frame, out: Value[]): void {
    if (instance.unit.usesSelf) frame.set('self', new Self(frame));
    let unit: Unit | undefined = instance.unit;
    while (unit !== undefined) {
      instance.parent = undefined;
      unit.body(frame, out);
      unit = instance.parent;
    }
  }

  /** Goes into a template: faults within know the way. */
  step<T>(text: string, position: Position | undefined, go: () => T, what: Trail['what'] = 'template'): T {
    const [site, trail] = [this.site, this.trail];
    this.trail = { text, position, what, before: trail, depth: (trail?.depth ?? 0) + 1 };
    this.site = undefined;
    try {
      return this.descend(go);
    } catch (error) {
      throw this.located(error);
    } finally {
      this.site = site;
      this.trail = trail;
    }
  }

  /** Goes into a template file. */
  within(unit: Unit, go: () => void): void {
    const file = unit.source.file ?? '';
    this.step(file, { file, line: 1, column: 1 }, go);
  }

  /** Goes one level deeper. Throws a LimitError fault where that is too deep. */
  descend<T>(go: () => T): T {
    if (this.#depth >= MOST_DEPTH) throw new Fault('LimitError', LOOP);
    this.#depth += 1;
    try {
      return go();
    } finally {
      this.#depth -= 1;
    }
  }

  /** The error with the place where it happened. */
  located(error: unknown): unknown {
    const fault = error instanceof RangeError ? new Fault('LimitError', LOOP, { cause: error }) : error;
    if (fault instanceof Fault) {
      // A text that cannot be read knows its place in itself, and not the way to it.
      const known = fault.origin as Origin | undefined;
      fault.origin = known === undefined ? this.origin : { ...known, trail: known.trail ?? this.trail };
    }
    return fault;
  }

  /** Counts a round of a loop. */
  count(): void {
    this.#rounds += 1;
    if (this.#rounds > MOST_ROUNDS)
      throw new Fault('LimitError', `the loops of the template run more than ${MOST_ROUNDS} rounds`);
  }

  compileFile(text: string, file: string): Unit {
    return this.compiler.included(text, file);
  }

  applyFilter(name: string, filter: Filter, input: Value, args: CallArgs): Value {
    const settled = settle(filter, input, args);
    if (settled instanceof Undefined) return this.types.passesUndefined ? settled : settled.trip();
    const result = this.attempt(NO_ARGS, () =>
      this.plugin('filter', name, () => filter.call(settled.input, settled.args, this)),
    );
    if (filter.keepsMarkup && input instanceof Markup && typeof result === 'string') return new Markup(result);
    return this.types.filtered(result);
  }

  applyTest(name: string, test: Test, input: Value, args: CallArgs): boolean | Undefined {
    // Tests of the classic era were asked about what is undefined too.
    const traits = this.types.passesUndefined ? test : { takesUndefined: true, keepsTrust: test.keepsTrust ?? false };
    const settled = settle(traits, input, args);
    if (settled instanceof Undefined) return this.types.passesUndefined ? settled : settled.trip();
    const holds = this.attempt(NO_ARGS, () =>
      this.plugin('test', name, () => test.call(settled.input, settled.args, this)),
    );
    return holds as boolean | Undefined;
  }

  /** Runs a function of a library: its faults name it. */
  plugin<T>(kind: 'filter' | 'test' | 'lookup', name: string, go: () => T): T {
    const { site } = this;
    try {
      const result = go();
      this.site = site;
      return result;
    } catch (error) {
      if (!(error instanceof Fault) || error instanceof UndefinedFault || error instanceof PluginFault) throw error;
      if (error.kind === 'LimitError') throw error;
      this.site = site;
      const shown = kind === 'lookup' || name.includes('.') ? name : `ansible.builtin.${name}`;
      throw this.located(
        new PluginFault(error.kind, `The ${kind} plugin '${shown}' failed: ${error.message}`, { cause: error }),
      );
    }
  }

  // What libraries ask (Env).

  get typing(): 'modern' | 'classic' {
    return this.types.name;
  }

  get position(): Position | undefined {
    return positionOf(this.origin);
  }

  filter(name: string, input: Value, args: CallArgs = NO_ARGS): Value {
    const filter = this.libraries.filters.get(shortName(name));
    if (filter === undefined) throw new Fault('TemplateError', `No filter named '${name}'.`);
    const value = this.applyFilter(shortName(name), filter, input, args);
    return value instanceof Undefined && value.reason !== undefined ? value.trip() : value;
  }

  test(name: string, input: Value, args: CallArgs = NO_ARGS): boolean {
    const test = this.libraries.tests.get(shortName(name));
    if (test === undefined) throw new Fault('TemplateError', `No test named '${name}'.`);
    const holds = this.applyTest(shortName(name), test, input, args);
    return holds instanceof Undefined ? holds.trip() : holds;
  }

  hasFilter(name: string): boolean {
    return this.libraries.filters.has(shortName(name));
  }

  hasTest(name: string): boolean {
    return this.libraries.tests.has(shortName(name));
  }

  lookup(name: string, terms: readonly Value[], options: ReadonlyMap<string, Value> = NO_ARGS.named): Value[] {
    const lookup = this.libraries.lookups.get(shortName(name));
    if (lookup === undefined)
      throw new Fault('TemplateError', `The lookup plugin '${name}' was not found.`, { plain: true });
    const short = shortName(name);
    return this.plugin('lookup', short, () => {
      const declared = lookup.options ?? {};
      if (lookup.options !== undefined) this.#tellUnknown(short, lookup.options, options);
      return lookup.run(terms, new Options({ kind: 'lookup', name: short }, declared, options, this), this);
    });
  }

  /** Options that a lookup does not have are left aside, as in Ansible, and told. */
  #tellUnknown(lookup: string, declared: Declared, given: ReadonlyMap<string, Value>): void {
    const known = new Set(Object.entries(declared).flatMap(([name, { aliases }]) => [name, ...(aliases ?? [])]));
    for (const name of given.keys())
      if (!known.has(name))
        this.context.warn(`the lookup '${lookup}' has no option '${name}'; it is ignored`, this.position);
  }

  call(callable: Value, args: CallArgs, site?: Site): Value {
    if (site !== undefined) this.site = site;
    if (callable instanceof Macro) return callable.call(args, this);
    if (callable instanceof Callable) {
      const result = this.attempt(args, () => callable.call(args, this));
      if (site !== undefined) this.site = site;
      return result;
    }
    if (callable instanceof Undefined) return this.types.passesUndefined ? callable : callable.trip();
    return typeFault(`'${typeName(callable)}' object is not callable`);
  }

  /**
   * What `go` gives; in modern typing something undefined among the arguments, or needed within, is handed on instead,
   * and so is a failure: it counts once somebody needs the value.
   */
  attempt(args: CallArgs, go: () => Value): Value {
    if (!this.types.passesUndefined) return go();
    const missing = firstUndefined(args);
    if (missing !== undefined) return missing;
    try {
      return go();
    } catch (error) {
      if (error instanceof UndefinedFault) return error.value;
      if (!(error instanceof Fault) || error.kind === 'LimitError' || error.kind === 'SyntaxError') throw error;
      return new Undefined(error.message, undefined, this.located(error) as Fault);
    }
  }

  attribute(value: Value, name: string): Value {
    return attribute(value, name, this);
  }

  item(value: Value, key: Value): Value {
    return item(value, key, this);
  }

  render(value: Value, vars?: Dict): Value {
    if (vars === undefined) return this.types.finish(this.resolve(value));
    const inner = this.inner(overlay(this.context.scope, vars));
    return inner.types.finish(inner.resolve(value));
  }

  evaluate(expression: string): Value {
    return this.step(
      expression,
      this.position,
      () => this.compiler.expression(expression, false)(new Frame(this, EMPTY)),
      'expression',
    );
  }

  renderFile(text: string, options: FileOptions): Value {
    return this.compiler.fileValue(text, options, this.context, this);
  }

  /** An evaluation within this one over other variables. */
  inner(scope: Scope): Run {
    return new Run(this.compiler, this.types, { ...withContext(this.context), scope }, this.file, this);
  }
}

/** The context's members as own properties, whatever object it is. */
export function withContext(context: Context): Context {
  return {
    scope: context.scope,
    searchPath: context.searchPath,
    basedir: context.basedir,
    action: context.action,
    services: context.services,
    warn: (message, position) => context.warn(message, position),
  };
}

/** A fault that already names the plugin it came from. */
export class PluginFault extends Fault {}

/** What lone expressions run in: they have no blocks. */
export const EMPTY = new Instance({
  source: { text: '', file: undefined, skipped: 0 },
  body: () => 0,
  lone: undefined,
  loneName: undefined,
  keepsText: false,
  usesSelf: false,
  blocks: new Map(),
  ending: { newlines: 0, sequence: '\n' },
});
