// Whose text a template gives: what a variable holds as it was written may be an expression itself, text that was made on
// the way (joined, filtered, written in the template) may not.

import type { Body, Call, Data, Expression, If, Statement } from './syntax/tree.ts';

/** Filters that hand out one of the values they are given, as it is. */
const CHOOSING: ReadonlySet<string> = new Set(['default', 'd', 'first', 'last', 'mandatory', 'string']);

/** Is all text that the template may give a variable's own? */
export function givesTrusted(body: Body): boolean {
  return body.children.length === 1 && handsOut(body.children[0]!);
}

function handsOut(node: Statement | Expression | Data): boolean {
  switch (node.typename) {
    case 'Output':
      return node.children.length === 1 && handsOut(node.children[0]!);
    case 'If':
      return givesTrusted(node.body) && (node.else_ === null || branch(node.else_));
    case 'Symbol':
    case 'Attribute':
      return true;
    case 'LookupVal':
      return node.val.typename !== 'Slice';
    case 'InlineIf':
      return handsOut(node.body) && (node.else_ === null || handsOut(node.else_));
    case 'Or':
    case 'And':
      return handsOut(node.left) && handsOut(node.right);
    case 'Filter':
      return CHOOSING.has(node.name) && node.input !== null && handsOut(node.input);
    case 'FunCall':
      return readsVariables(node);
    case 'Literal':
      return typeof node.value !== 'string' || node.value === '';
    default:
      return false;
  }
}

/** `lookup('vars', ...)`. */
function readsVariables({ name, args }: Call): boolean {
  const [plugin] = args.positional;
  return name.typename === 'Symbol' && plugin?.typename === 'Literal' && plugin.value === 'vars';
}

function branch(node: Body | If): boolean {
  return node.typename === 'If' ? handsOut(node) : givesTrusted(node);
}

const LOOKUPS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);

/** Does the tree call a lookup? Text of a variable may have come from a host: it decides, and reaches nothing else. */
export function callsLookup(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(callsLookup);
  if (part === null || typeof part !== 'object') return false;
  const { typename, name } = part as { typename?: string; name?: { typename?: string; value?: unknown } };
  if (typename === 'FunCall' && name?.typename === 'Symbol' && LOOKUPS.has(String(name.value))) return true;
  return Object.values(part).some(callsLookup);
}
