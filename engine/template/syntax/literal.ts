// Python's literals, and nothing that computes: how classic typing reads text that looks like a value.

import { type Dict, Tuple, type Value } from '../../model/value.ts';
import { negate } from '../python/arithmetic.ts';
import { dictSet } from '../python/dicts.ts';
import { isNumeric } from '../python/numbers.ts';
import { INLINE } from './dialect.ts';
import { SyntaxFault } from './fault.ts';
import { parseExpression } from './statements.ts';
import type { Expression } from './tree.ts';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/** The value that the text is the literal of; undefined where it is none. Several with commas between are a tuple. */
export function readLiteral(text: string): Value | undefined {
  try {
    return literal(parseExpression(text.replace(/^[ \t]+/, ''), INLINE, true));
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

function literal(node: Expression): Value | undefined {
  switch (node.typename) {
    case 'Literal':
      return node.word === 'none' ? undefined : node.value;
    case 'Symbol':
      return WORDS.get(node.value);
    case 'Array':
      return literals(node.children);
    case 'Group': {
      const items = literals(node.children);
      return items === undefined ? undefined : new Tuple(items);
    }
    case 'Neg': {
      const value = literal(node.target);
      return isNumeric(value as Value) && typeof value !== 'boolean' ? negate(value as Value) : undefined;
    }
    case 'Dict': {
      const dict: Dict = new Map();
      for (const pair of node.children) {
        const [key, value] = [literal(pair.key), literal(pair.value)];
        if (key === undefined || value === undefined) return undefined;
        dictSet(dict, key, value);
      }
      return dict;
    }
    default:
      return undefined;
  }
}

function literals(nodes: readonly Expression[]): Value[] | undefined {
  const items: Value[] = [];
  for (const node of nodes) {
    const value = literal(node);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}
