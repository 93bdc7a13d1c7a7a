// The template layer's front: values in, values out, and every error a TemplateError with its place and the way to it.

import { TroupeError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import { isDict, type Scope, Template, type Value } from '../model/value.ts';
import { Compiler } from './compile/compiler.ts';
import type { Context, FileOptions, Judgement, Shown, Templar, TemplateSettings } from './contract.ts';
import { templateError } from './errors.ts';
import { Frame } from './evaluate/frame.ts';
import { shortName } from './evaluate/names.ts';
import { EMPTY, Run } from './evaluate/run.ts';
import { type Typing, typingOf } from './evaluate/typing.ts';
import { filters } from './filters/index.ts';
import { judge } from './judge.ts';
import type { Libraries } from './library.ts';
import { lookups } from './lookups/index.ts';
import { isIterable, iterate } from './python/compare.ts';
import { str } from './python/text.ts';
import { references } from './references.ts';
import { show, title } from './show.ts';
import { tests } from './tests/index.ts';
import { marked, sources, textsOf } from './trust.ts';

/** A templar with the settings; `libraries` stand in for the filters, tests and lookups that there are. */
export function createTemplar(settings: TemplateSettings, libraries: Libraries = { filters, tests, lookups }): Templar {
  return new Evaluator(settings, libraries);
}

class Evaluator implements Templar {
  readonly typing: TemplateSettings['typing'];
  readonly #compiler: Compiler;
  readonly #typing: Typing;

  constructor(settings: TemplateSettings, libraries: Libraries) {
    this.typing = settings.typing;
    this.#compiler = new Compiler(settings, libraries);
    this.#typing = typingOf(settings.typing);
  }

  render(value: Value, context: Context): Value {
    if (typeof value !== 'object' || value === null) return value;
    return this.#run(context, (run) => run.render(value));
  }

  renderFile(text: string, options: FileOptions, context: Context): string {
    return this.#run(context, (run) => this.#compiler.renderFile(text, options, context, run));
  }

  evaluate(expression: string, context: Context, position?: Position): Value {
    return this.#run(context, (run) =>
      run.step(expression, position, () => this.#typing.finish(this.#valueOf(expression, run)), 'expression'),
    );
  }

  show(expression: Value, context: Context, position?: Position): Shown | undefined {
    return this.#run(context, (run) => run.step(String(expression), position, () => show(expression, run)));
  }

  title(value: Value, context: Context): string {
    return this.#run(context, (run) => title(value, run));
  }

  /** Of old an expression was a template around it, with what becomes of one: numbers are text. */
  #valueOf(expression: string, run: Run): Value {
    if (this.#typing.whole) return run.evaluateUnit(this.#compiler.template(`{{ ${expression} }}`));
    return this.#compiler.expression(expression, false)(new Frame(run, EMPTY));
  }

  judge(condition: Value, context: Context, position?: Position): Judgement {
    return this.#run(context, (run) => judge(condition, run, position), 'condition');
  }

  lookup(name: string, terms: Value, context: Context, position?: Position): Value[] {
    return this.#run(context, (run) =>
      run.step(`with_${name}`, position, () => {
        const lookup = run.libraries.lookups.get(shortName(name));
        const given =
          lookup?.takesUndefined === true
            ? run.resolve(terms)
            : lookup?.takesExpressions === true
              ? expressions(terms, run)
              : run.render(terms);
        const list =
          isIterable(given) && typeof given !== 'string' && !(given instanceof Map) ? iterate(given) : [given];
        return run.lookup(name, list).map((item) => this.#typing.finish(item));
      }),
    );
  }

  references(value: Value | Template, asExpression = false): ReadonlySet<string> {
    return references(value, asExpression, this.#compiler);
  }

  sources(value: Value, scope: Scope): ReadonlySet<Value> {
    return sources(value, scope, this.#compiler);
  }

  marked(value: Value, from: Iterable<Value>, scope: Scope): Value {
    return marked(value, textsOf(from, scope, this.#compiler));
  }

  text(value: Value): string {
    return str(value);
  }

  #run<T>(context: Context, go: (run: Run) => T, what?: 'condition'): T {
    const run = new Run(this.#compiler, this.#typing, context);
    try {
      return go(run);
    } catch (error) {
      if (error instanceof TroupeError) throw error;
      throw templateError(run.located(error), what === 'condition');
    }
  }
}

/** Terms whose plain texts are expressions, which come as templates of them; templates among them are rendered. */
function expressions(terms: Value, run: Run): Value {
  if (typeof terms === 'string') return new Template(`{{ ${terms} }}`);
  if (Array.isArray(terms)) return terms.map((term) => expressions(term, run));
  if (isDict(terms)) return new Map(Array.from(terms, ([key, value]) => [key, expressions(value, run)]));
  return run.render(terms);
}
