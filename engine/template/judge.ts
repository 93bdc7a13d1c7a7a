// Conditions, as 2.19 judges them: an expression whose value is a bool. What is no bool, and templates inside, are taken
// with a warning unless the settings are strict.

import type { Position } from '../model/position.ts';
import { Template, type Value } from '../model/value.ts';
import type { Judgement } from './contract.ts';
import { Frame } from './evaluate/frame.ts';
import { EMPTY, type Run } from './evaluate/run.ts';
import { Fault } from './fault.ts';
import { truth } from './python/compare.ts';
import { str } from './python/text.ts';
import { typeName } from './python/types.ts';
import { Undefined } from './undefined.ts';

/** Judges one condition. Throws Faults. */
export function judge(condition: Value, run: Run, position: Position | undefined): Judgement {
  const text = condition instanceof Template ? condition.text : typeof condition === 'string' ? condition : str(condition);
  return run.step(text, condition instanceof Template ? (condition.position ?? position) : position, () => {
    const value = settled(evaluated(condition, run));
    return { text, holds: asBool(value, run, position) };
  });
}

function evaluated(condition: Value, run: Run): Value {
  if (condition instanceof Template) return template(condition, run);
  if (typeof condition !== 'string') return condition;
  if (condition.trim() === '') return emptyCondition(run);
  return expression(condition, run);
}

/** An empty condition is none: it holds. */
function emptyCondition(run: Run): Value {
  if (!run.compiler.settings.allowBrokenConditionals) throw new Fault('TemplateError', 'Empty conditional expression was evaluated as True.');
  run.context.warn('Empty conditional expression was evaluated as True.', run.position);
  return true;
}

function expression(text: string, run: Run): Value {
  return run.compiler.expression(text, true)(new Frame(run, EMPTY));
}

/** A condition in braces: its value is the answer, or, being text, an expression in its turn. */
function template(condition: Template, run: Run): Value {
  const { settings } = run.compiler;
  const lone = /^\s*\{\{(?:(?!\}\}).)*\}\}\s*$/s.test(condition.text);
  if (!lone && isExpression(condition.text, run)) return expression(condition.text, run);
  if (!settings.allowEmbeddedTemplates) throw new Fault('TemplateError', 'Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.');
  run.context.warn('Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.', run.position);
  const value = settled(run.renderTemplate(condition));
  return typeof value === 'string' && value.trim() !== '' && run.typing === 'classic' ? expression(value, run) : value;
}

/** Text whose braces stand inside of string constants is an expression. */
function isExpression(text: string, run: Run): boolean {
  try {
    run.compiler.expression(text, true);
    return true;
  } catch {
    return false;
  }
}

function settled(value: Value): Value {
  return value instanceof Undefined ? value.trip() : value;
}

function asBool(value: Value, run: Run, position: Position | undefined): boolean {
  if (typeof value === 'boolean') return value;
  if (run.typing === 'classic' && typeof value === 'string') return classicText(value, run);
  const holds = truth(value);
  const message = `Conditional result (${holds ? 'True' : 'False'}) was derived from value of type '${typeName(value)}'. Conditionals must have a boolean result.`;
  if (!run.compiler.settings.allowBrokenConditionals) throw new Fault('TemplateError', message);
  run.context.warn(message, position ?? run.position);
  return holds;
}

/** Classic conditions took text that is a bool for what it says, and other text for an expression. */
function classicText(value: string, run: Run): boolean {
  if (value === '') return false;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (!isExpression(value, run)) return true;
  const inner = run.compiler.expression(value, true)(new Frame(run, EMPTY));
  return inner instanceof Undefined ? true : truth(inner);
}
