// The lookup `dependent` of community.general: loops within loops, of which each may hang on what the outer ones chose.

import { type Dict, isDict, Template, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { allowItems } from '../limits.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';

interface Level {
  readonly name: Value;
  readonly values: Value;
}

export const dependent: Lookup = {
  options: {},
  takesExpressions: true,
  run(terms, _options, env) {
    const levels = terms.map(levelOf);
    const names = levels.map(({ name }) => str(name));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Fault('LookupError', `The variable '${twice}' appears more than once`);
    if (levels.length === 0) return [];
    let rows: Dict[] = [new Map()];
    for (const level of levels) {
      rows = rows.flatMap((row) => {
        const values = valuesOf(level, row, env);
        allowItems(rows.length * values.length, 'the lookup dependent');
        return values.map((value) => new Map(row).set(level.name, value));
      });
    }
    return rows;
  },
};

function levelOf(term: Value, index: number): Level {
  const fault = (message: string): never => {
    throw new Fault('LookupError', message);
  };
  if (!isDict(term)) return fault(`Parameter ${index} must be a dictionary, got <class '${typeName(term)}'>`);
  if (term.size !== 1) return fault(`Parameter ${index} must be a one-element dictionary, got ${term.size} elements`);
  const [[name, values]] = [...term] as [[Value, Value]];
  if (!isText(values) && !isDict(values) && !Array.isArray(values))
    return fault(
      `Parameter ${repr(name)} (index ${index}) must have a value of type string, dictionary or list, got type <class '${typeName(values)}'>`,
    );
  return { name, values };
}

/** What a level goes over where the outer ones have chosen. */
function valuesOf({ name, values }: Level, row: Dict, env: Env): readonly Value[] {
  const found = isText(values) ? evaluated(values, name, row, env) : values;
  if (Array.isArray(found)) return found;
  if (found instanceof Tuple) return found.items;
  if (isDict(found)) return itemsOf(found);
  const at = `while evaluating ${repr(name)} with item == ${repr(row)}`;
  throw new Fault('LookupError', `Did not obtain dictionary or list ${at}, but <class '${typeName(found)}'>`);
}

/** A dict's items in the order of its keys. */
function itemsOf(dict: Dict): Value[] {
  const keys = [...dict.keys()].sort((a, b) => (str(a) < str(b) ? -1 : 1));
  return keys.map(
    (key) =>
      new Map<Value, Value>([
        ['key', key],
        ['value', dict.get(key)!],
      ]),
  );
}

/** An expression of the play's own text. What a template made is never evaluated: it may come from anywhere. */
function evaluated(text: string | Template, name: Value, row: Dict, env: Env): Value {
  if (!(text instanceof Template))
    throw new Fault('LookupError', `the expression of ${repr(name)} is not written in a loop of the play itself`, {
      hint: 'Write it as text beneath with_community.general.dependent; what a template makes is not evaluated.',
    });
  try {
    return env.render(text, new Map<Value, Value>([['item', row]]));
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'LimitError') throw error;
    const at = `while evaluating ${repr(name)} with item == ${repr(row)}`;
    throw new Fault('LookupError', `Caught "${error.message}" ${at}`, { cause: error });
  }
}
