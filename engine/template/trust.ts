// Whose text it is: what was written in playbooks, inventories and vars files may be an expression, what hosts, lookups
// and filters made may not. Text carries no mark of where it comes from: it is trusted where it stands, word for word,
// in a value that its template was written to read.

import { isDict, type Scope, Template, Tuple, Unsafe, type Value, Vaulted } from '../model/value.ts';
import type { Compiler } from './compile/compiler.ts';
import { shortName } from './evaluate/names.ts';
import type { Run } from './evaluate/run.ts';
import { Fault } from './fault.ts';
import { references } from './references.ts';
import { parseExpression } from './syntax/statements.ts';

/** What was written of all that the value's templates read: the value itself, where it is none. Nothing is rendered. */
export function sources(value: Value, scope: Scope, compiler: Compiler, names = new Set<string>()): Set<Value> {
  const found = new Set<Value>();
  const visit = (part: Value): void => {
    if (part instanceof Unsafe || part instanceof Vaulted) return;
    if (part instanceof Template) for (const name of references(part, false, compiler)) read(name);
    else if (typeof part === 'string' || typeof part === 'object') found.add(part);
  };
  const read = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const source of scope.written?.(name) ?? []) visit(source);
  };
  visit(value);
  return found;
}

/** The texts that stand in the sources, and in what the templates in them read. */
export function textsOf(from: Iterable<Value>, scope: Scope, compiler: Compiler): ReadonlySet<string> {
  const texts = new Set<string>();
  const names = new Set<string>();
  const seen = new Set<Value>();
  const visit = (part: Value): void => {
    if (typeof part === 'string') texts.add(part);
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof Template) sources(part, scope, compiler, names).forEach(visit);
    else for (const item of itemsOf(part)) visit(item);
  };
  for (const part of from) visit(part);
  return texts;
}

function itemsOf(value: Value): Iterable<Value> {
  if (isDict(value)) return value.values();
  if (value instanceof Tuple) return value.items;
  return Array.isArray(value) ? value : [];
}

/** The value with its text that is not among the trusted ones marked as what it is. */
export function marked(value: Value, texts: ReadonlySet<string>): Value {
  if (typeof value === 'string') return texts.has(value) ? value : new Unsafe(value);
  if (Array.isArray(value)) return value.map((item) => marked(item, texts));
  if (value instanceof Tuple) return new Tuple(value.items.map((item) => marked(item, texts)));
  if (isDict(value)) return new Map([...value].map(([key, item]) => [key, marked(item, texts)]));
  return value;
}

/**
 * The text as an expression that may be evaluated: what `from`, a text or a template, was written to give.
 * @throws Fault for text that was made elsewhere; in classic typing only if it calls a lookup
 */
export function trustedText(text: string, from: Value, { compiler, context: { scope }, types }: Run): string {
  const trusted =
    types.name === 'classic'
      ? !callsLookup(parseExpression(text, compiler.dialect))
      : !makesText(from, compiler) && textsOf(sources(from, scope, compiler), scope, compiler).has(text);
  if (!trusted) throw new Fault('TypeError', 'Encountered untrusted template or expression.', { plain: true });
  return text;
}

/** Is the template one filter that makes new text, though it may read as what was written? */
function makesText(template: Value, compiler: Compiler): boolean {
  if (!(template instanceof Template)) return false;
  const [only, ...others] = compiler.tree(template.text).children;
  if (only?.typename !== 'Output' || only.children.length !== 1 || others.length > 0) return false;
  const [node] = only.children;
  if (node?.typename !== 'Filter') return false;
  const name = shortName(node.name);
  // `string` gives text back as it is.
  return name !== 'string' && compiler.libraries.filters.get(name)?.keepsTrust !== true;
}

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);

/** Does the tree call a lookup? In the classic era text of a host decided, and reached nothing else. */
function callsLookup(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(callsLookup);
  if (part === null || typeof part !== 'object') return false;
  const { typename, name } = part as { typename?: string; name?: { typename?: string; value?: unknown } };
  if (typename === 'FunCall' && name?.typename === 'Symbol' && LOOKUPS.has(String(name.value))) return true;
  return Object.values(part).some(callsLookup);
}
