// The names of variables that a template or expression reads, found by looking at its tree, without evaluating it.

import { Template, type Value } from '../model/value.ts';
import type { Compiler } from './compile/compiler.ts';
import { Fault } from './fault.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { parseExpression } from './syntax/statements.ts';

/** Names read by a value: a template's, or with `asExpression` those of an expression's text. */
export function references(value: Value | Template, asExpression: boolean, compiler: Compiler): ReadonlySet<string> {
  const names = new Set<string>();
  try {
    if (value instanceof Template) visit(compiler.tree(value.text), names);
    else if (asExpression && typeof value === 'string') visit(parseExpression(value, compiler.dialect), names);
  } catch (error) {
    // What cannot be read reads nothing: its own evaluation tells the fault.
    if (!(error instanceof SyntaxFault) && !(error instanceof Fault)) throw error;
  }
  return names;
}

function visit(node: unknown, names: Set<string>, seen: Set<object> = new Set()): void {
  if (typeof node !== 'object' || node === null || seen.has(node)) return;
  seen.add(node);
  if (Array.isArray(node)) {
    for (const item of node) visit(item, names, seen);
    return;
  }
  const { typename, value } = node as { typename?: string; value?: unknown };
  if (typename === 'Symbol' && typeof value === 'string') names.add(value);
  for (const [key, item] of Object.entries(node)) if (key !== 'parent') visit(item, names, seen);
}
