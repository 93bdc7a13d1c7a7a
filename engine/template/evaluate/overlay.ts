// Variables laid over variables, without touching those below.

import type { Scope, Value } from '../../model/value.ts';

/** A scope in which `vars` go before those of `scope`. */
export function overlay(scope: Scope, vars: ReadonlyMap<Value, Value>): Scope {
  return {
    get: (name) => (vars.has(name) ? vars.get(name) : scope.get(name)),
    written: (name) => (vars.has(name) ? [] : (scope.written?.(name) ?? [])),
    *names() {
      for (const name of vars.keys()) if (typeof name === 'string') yield name;
      for (const name of scope.names()) if (!vars.has(name)) yield name;
    },
  };
}
