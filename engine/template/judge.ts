// Conditions: expressions that have to be a bool, and what is made of those that are something else.

import type { Position } from '../model/position.ts';
import { looksLikeTemplate, OMIT, Template, Unsafe, type Value } from '../model/value.ts';
import type { Judgement } from './contract.ts';
import { Frame } from './evaluate/frame.ts';
import { EMPTY, type Run } from './evaluate/run.ts';
import { Fault } from './fault.ts';
import { truth } from './python/compare.ts';
import { str } from './python/text.ts';
import { isText, typeName } from './python/types.ts';
import { trustedText } from './trust.ts';
import { Undefined } from './undefined.ts';

/** Judges one condition. Throws faults. */
export function judge(condition: Value, run: Run, position: Position | undefined): Judgement {
  if (typeof condition === 'boolean') return { holds: condition, text: condition ? 'True' : 'False' };
  if (condition === null) return { holds: empty(run), text: '' };
  if (!isText(condition))
    return { holds: decide(condition, run, 'Conditional expressions must be strings.'), text: str(condition) };
  const text = String(condition);
  if (condition instanceof Unsafe) trustedText(text, condition, run);
  const place = condition instanceof Template ? (condition.position ?? position) : position;
  const value = run.step(text, place, () => run.types.finish(valueOf(text, run)), 'expression');
  if (value === OMIT && run.types.name === 'modern') throw plain('A template was resolved to an Omit scalar.');
  return { holds: run.step(text, place, () => decide(value, run)), text };
}

/** The value of the condition's text: a whole template is rendered first, and what it gives may be an expression again. */
function valueOf(text: string, run: Run): Value {
  if (text.trim() === '') return empty(run);
  if (run.types.name === 'classic' && looksLikeTemplate(text)) return classicValue(text, run);
  if (!isWhole(text)) return expressionOf(text, run);
  run.context.warn(
    `Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.`,
    run.position,
  );
  const template = new Template(text.trim(), run.position);
  const value = run.resolve(template);
  if (value instanceof Undefined) return value.trip();
  if (value === null || (isText(value) && String(value).trim() === '')) return empty(run);
  return isText(value) ? textValue(String(value), template, run) : value;
}

/** The value of an expression that a variable held. Throws a Fault for text that was not written as one. */
function textValue(text: string, from: Value, run: Run): Value {
  return run.step(text, run.position, () => expressionOf(trustedText(text, from, run), run), 'expression');
}

function empty(run: Run): boolean {
  if (!run.compiler.settings.allowBrokenConditionals) throw plain('Empty conditional expressions are not allowed.');
  run.context.warn('Empty conditional expression was evaluated as True.', run.position);
  return true;
}

/** Classic conditions are rendered first, and what they give is the expression. */
function classicValue(text: string, run: Run): Value {
  const template = new Template(text, run.position);
  const value = run.resolve(template);
  if (value instanceof Undefined) return value.trip();
  if (typeof value !== 'string') return value;
  return value.trim() === '' ? false : textValue(value, template, run);
}

/** Is the text one template from its first to its last sign? */
function isWhole(text: string): boolean {
  return /^\s*(?:\{\{[^]*\}\}|\{%[^]*)\s*$/.test(text);
}

function expressionOf(text: string, run: Run): Value {
  return run.compiler.expression(text, true)(new Frame(run, EMPTY));
}

function decide(value: Value, run: Run, fault?: string): boolean {
  if (typeof value === 'boolean') return value;
  if (run.types.name === 'classic') return truth(value);
  const holds = truth(value);
  const result = `Conditional result (${holds ? 'True' : 'False'}) was derived from value of type '${typeName(value)}'${placeOf(run)}.`;
  const message = fault ?? `${result} Conditionals must have a boolean result.`;
  if (!run.compiler.settings.allowBrokenConditionals) throw plain(message);
  run.context.warn(message, run.position);
  return holds;
}

function placeOf({ position }: Run): string {
  return position === undefined ? '' : ` at '${position.file}:${position.line}:${position.column}'`;
}

function plain(message: string): Fault {
  return new Fault('TypeError', message, { plain: true });
}
