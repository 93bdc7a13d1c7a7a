// `lookup()` and `query()`: run a lookup by its name and say what its list of answers is.

import { Template, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import type { CallArgs } from '../library.ts';
import { truth } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined, UndefinedFault } from '../undefined.ts';
import { shortName } from './names.ts';
import type { Run } from './run.ts';

/** `lookup(name, *terms, **options)`: one answer as itself, several texts joined by commas. */
export function lookupGlobal(args: CallArgs, run: Run): Value {
  return answer(args, run, false);
}

/** `query(...)`, `q(...)`: always a list. */
export function queryGlobal(args: CallArgs, run: Run): Value {
  return answer(args, run, true);
}

function answer(args: CallArgs, run: Run, list: boolean): Value {
  const [name, ...terms] = args.positional;
  if (name === undefined) return typeFault("_lookup() missing 1 required positional argument: 'plugin_name'");
  if (name instanceof Undefined) return name;
  if (!isText(name)) return typeFault(`the name of a lookup must be text, not ${typeName(name)}`);
  const options = new Map(args.named);
  const wantsList = list || truth(options.get('wantlist') ?? false);
  const errors = str(options.get('errors') ?? 'strict');
  options.delete('wantlist');
  options.delete('errors');
  const lookup = run.libraries.lookups.get(shortName(String(name)));
  if (lookup === undefined)
    throw new Fault('TemplateError', `The lookup plugin '${name}' was not found.`, { plain: true });
  if (!lookup.takesUndefined)
    for (const value of [...terms, ...options.values()]) if (value instanceof Undefined) return value;
  const found = attempt(() => run.lookup(String(name), terms.map(plain), options), errors, String(name), run);
  if (found === undefined) return wantsList ? [] : null;
  if (wantsList) return found;
  if (found.length === 0) return [];
  if (found.length === 1) return found[0]!;
  return found.every(isText) ? found.map(String).join(',') : found;
}

function plain(term: Value): Value {
  return term instanceof Template ? term.text : term;
}

/** Runs it; undefined where it failed and the caller does not mind. */
function attempt(run: () => Value[], errors: string, name: string, { context }: Run): Value[] | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Fault) || error instanceof UndefinedFault || errors === 'strict') throw error;
    if (errors === 'warn')
      context.warn(
        `An error occurred while running the lookup plugin '${name}': ${(error.cause as Error | undefined)?.message ?? error.message}`,
      );
    else if (errors !== 'ignore') throw error;
    return undefined;
  }
}
