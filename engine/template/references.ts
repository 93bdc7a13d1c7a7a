// Which variables a template or expression reads, found in its tree without evaluating it.

import { isDict, Template, Unsafe, type Value, Vaulted } from '../model/value.ts';
import type { Compiler } from './compile/compiler.ts';
import { GLOBALS } from './evaluate/globals.ts';
import { shortName } from './evaluate/names.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { parseExpression } from './syntax/statements.ts';
import type { Call } from './syntax/tree.ts';

/** The names that the value's templates (or the expression) mention; empty for what cannot be read. */
export function references(value: Value, asExpression: boolean, compiler: Compiler): ReadonlySet<string> {
  const names = new Set<string>();
  collect(value, asExpression, compiler, names);
  return names;
}

function collect(value: Value, asExpression: boolean, compiler: Compiler, names: Set<string>): void {
  if (value instanceof Unsafe || value instanceof Vaulted) return;
  if (value instanceof Template || (asExpression && typeof value === 'string')) {
    for (const name of mentioned(String(value), asExpression, compiler)) names.add(name);
  } else if (Array.isArray(value)) for (const item of value) collect(item, asExpression, compiler, names);
  else if (isDict(value)) for (const item of value.values()) collect(item, asExpression, compiler, names);
}

const known = new WeakMap<Compiler, Map<string, ReadonlySet<string>>>();

function mentioned(text: string, asExpression: boolean, compiler: Compiler): ReadonlySet<string> {
  const cache = known.get(compiler) ?? new Map<string, ReadonlySet<string>>();
  known.set(compiler, cache);
  const key = `${asExpression ? 1 : 0}${text}`;
  let names = cache.get(key);
  if (names === undefined) {
    names = read(text, asExpression, compiler);
    cache.set(key, names);
  }
  return names;
}

function read(text: string, asExpression: boolean, compiler: Compiler): ReadonlySet<string> {
  const names = new Set<string>();
  try {
    const expression = asExpression && !/^\s*\{[{%]/.test(text);
    const tree: unknown = expression ? parseExpression(text, compiler.dialect) : compiler.tree(text);
    gather(tree, names);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
  }
  return names;
}

/** Names in the tree, without globals; names that the template itself sets are named too, which errs on the safe side. */
function gather(part: unknown, names: Set<string>): void {
  if (Array.isArray(part)) {
    for (const child of part) gather(child, names);
    return;
  }
  if (part === null || typeof part !== 'object') return;
  const { typename, value } = part as { typename?: string; value?: unknown };
  if (typename === 'Symbol' && typeof value === 'string') {
    if (!GLOBALS.has(value)) names.add(value);
    return;
  }
  if (typename === 'Literal' && typeof value === 'string' && /\{[{%]/.test(value)) {
    for (const [name] of value.matchAll(/[A-Za-z_]\w*/g)) names.add(name);
    return;
  }
  for (const name of namedByLookup(part as Partial<Call>)) names.add(name);
  for (const child of Object.values(part)) if (typeof child === 'object') gather(child, names);
}

/** `lookup('vars', 'name', ...)` and its like. */
function namedByLookup({ typename, args }: Partial<Call>): string[] {
  if (typename !== 'FunCall') return [];
  const words = (args?.positional ?? []).flatMap((arg) => (arg.typename === 'Literal' ? [arg.value] : []));
  const [plugin, ...terms] = words.filter((word) => typeof word === 'string');
  return plugin !== undefined && shortName(plugin) === 'vars' ? terms : [];
}
