// Values for the eye: what is undefined in them is told in its place.

import { OMIT, Template, type Value } from '../model/value.ts';
import type { Shown } from './contract.ts';
import { templateError } from './errors.ts';
import { Frame } from './evaluate/frame.ts';
import { EMPTY, type Run } from './evaluate/run.ts';
import { Fault } from './fault.ts';
import { repr, str } from './python/text.ts';
import { isText, typeName } from './python/types.ts';
import { trustedText } from './trust.ts';
import { type Undefined, UndefinedFault } from './undefined.ts';

/** Evaluates the expression; a template is rendered first, and what it gives is the expression. Throws faults. */
export function show(expression: Value, run: Run): Shown | undefined {
  const given = expression instanceof Template ? run.types.finish(run.resolve(expression)) : expression;
  if (given === null || given === OMIT || given === '') return undefined;
  // The classic era shows what is no text as it is.
  if (!isText(given) && run.types.name === 'classic')
    return { text: `<class '${typeName(given)}'>`, value: given, missing: [] };
  if (!isText(given))
    throw new Fault(
      'TypeError',
      `the expression must be a string, and '${repr(given)}' is of type ${typeName(given)}`,
      { plain: true },
    );
  const text = trustedText(String(given), expression, run);
  const evaluate = run.compiler.expression(text, false);
  const value = run.step(text, run.position, () => legible(run, () => evaluate(new Frame(run, EMPTY))), 'expression');
  return { text, value, missing: run.missing ?? [] };
}

/** A heading: what it holds that cannot be rendered is told in its place, or, in classic typing, left as it is. */
export function title(value: Value, run: Run): string {
  if (run.types.whole) return str(run.types.finish(run.resolve(value)));
  try {
    return str(legible(run, () => run.resolve(value)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return run.placeholder(templateError(run.located(error)).message);
  }
}

function legible(run: Run, go: () => Value): Value {
  if (!run.types.whole) run.missing = [];
  const place = ({ message }: Undefined): string =>
    run.types.whole ? 'VARIABLE IS NOT DEFINED!' : run.placeholder(message);
  try {
    return run.types.finish(go(), place);
  } catch (error) {
    if (!(error instanceof UndefinedFault)) throw error;
    return place(error.value);
  }
}
