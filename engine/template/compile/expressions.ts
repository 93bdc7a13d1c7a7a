// Expressions become closures: each node is looked at once, and evaluated as often as needed.

import { type Dict, looksLikeTemplate, Template, Tuple, type Value } from '../../model/value.ts';
import { attribute, item } from '../evaluate/access.ts';
import type { Evaluate } from '../evaluate/instance.ts';
import { slice } from '../evaluate/slice.ts';
import { allowText } from '../limits.ts';
import { add, divide, floorDivide, modulo, multiply, negate, posit, power, subtract } from '../python/arithmetic.ts';
import { compare, contains, equals, truth } from '../python/compare.ts';
import { dictSet } from '../python/dicts.ts';
import { str } from '../python/text.ts';
import type { Binary, Compare, Concat, DictOf, Expression, Lookup, Slice } from '../syntax/tree.ts';
import { Undefined } from '../undefined.ts';
import { call, filter, test } from './calls.ts';
import { type Making, siteOf } from './making.ts';

type Operation = (a: Value, b: Value) => Value;

const OPERATIONS: Readonly<Record<Exclude<Binary['typename'], 'Or' | 'And'>, Operation>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  FloorDiv: floorDivide,
  Mod: modulo,
  Pow: power,
};

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': equals,
  '!=': (a, b) => !equals(a, b),
  '<': (a, b) => compare(a, b, '<') < 0,
  '<=': (a, b) => compare(a, b, '<=') <= 0,
  '>': (a, b) => compare(a, b, '>') > 0,
  '>=': (a, b) => compare(a, b, '>=') >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
};

/** The closure that evaluates the expression. Throws SyntaxFault for filters and tests that do not exist. */
export function expression(node: Expression, making: Making): Evaluate {
  switch (node.typename) {
    case 'Literal':
      return literal(node.value, making);
    case 'Symbol': {
      const name = node.value;
      return (frame) => frame.find(name);
    }
    case 'Attribute': {
      const target = expression(node.target, making);
      const { name } = node;
      return (frame) => attribute(target(frame), name, frame.run);
    }
    case 'LookupVal':
      return lookup(node, making);
    case 'FunCall':
      return call(node, making);
    case 'Filter':
      return filter(node, making, expression(node.input!, making));
    case 'Is':
      return test(node, making);
    case 'InlineIf': {
      const cond = expression(node.cond, making);
      making.soft += 1;
      const body = expression(node.body, making);
      const else_ = node.else_ === null ? nothing(node.lineno + 1) : expression(node.else_, making);
      making.soft -= 1;
      return (frame) => (truth(cond(frame)) ? body(frame) : else_(frame));
    }
    case 'Or': {
      const [left, right] = both(node, making);
      return (frame) => {
        const value = left(frame);
        return truth(value) ? value : right(frame);
      };
    }
    case 'And': {
      const [left, right] = both(node, making);
      return (frame) => {
        const value = left(frame);
        return truth(value) ? right(frame) : value;
      };
    }
    case 'Not': {
      const target = expression(node.target, making);
      return (frame) => !truth(target(frame));
    }
    case 'Neg': {
      const target = expression(node.target, making);
      return (frame) => negate(target(frame));
    }
    case 'Pos': {
      const target = expression(node.target, making);
      return (frame) => posit(target(frame));
    }
    case 'Compare':
      return comparison(node, making);
    case 'Concat':
      return concat(node, making);
    case 'Array': {
      const items = expressions(node.children, making);
      return (frame) => items.map((item) => item(frame));
    }
    case 'Group': {
      const items = expressions(node.children, making);
      return (frame) => new Tuple(items.map((item) => item(frame)));
    }
    case 'Dict':
      return dict(node, making);
    default: {
      const [left, right] = both(node, making);
      const operate = OPERATIONS[node.typename];
      const site = siteOf(making, node);
      return (frame) => {
        const [a, b] = [left(frame), right(frame)];
        frame.run.site = site;
        return operate(a, b);
      };
    }
  }
}

export function expressions(nodes: readonly Expression[], making: Making): Evaluate[] {
  return nodes.map((node) => expression(node, making));
}

function both(node: Binary, making: Making): [Evaluate, Evaluate] {
  return [expression(node.left, making), expression(node.right, making)];
}

/** What an `if` without `else` is where it does not hold. */
function nothing(line: number): Evaluate {
  const message = `the inline if-expression on line ${line} evaluated to false and no else section was defined.`;
  const value = new Undefined(message, undefined, undefined, true);
  return () => value;
}

/** A constant; what becomes of one with template marks is said by the making. */
function literal(value: Value, making: Making): Evaluate {
  if (typeof value !== 'string' || !looksLikeTemplate(value)) return () => value;
  if (making.constants === 'rendered') return (frame) => frame.run.renderEmbedded(value);
  if (making.constants === 'text') return () => value;
  const template = new Template(value);
  return () => template;
}

function lookup(node: Lookup, making: Making): Evaluate {
  const target = expression(node.target, making);
  if (node.val.typename === 'Slice') return sliced(target, node.val, making);
  const key = expression(node.val, making);
  return (frame) => item(target(frame), key(frame), frame.run);
}

function sliced(target: Evaluate, node: Slice, making: Making): Evaluate {
  const bound = (part: Expression | null): Evaluate => (part === null ? () => null : expression(part, making));
  const [start, stop, step] = [bound(node.start), bound(node.stop), bound(node.step)];
  return (frame) => slice(target(frame), start(frame), stop(frame), step(frame));
}

function comparison(node: Compare, making: Making): Evaluate {
  const first = expression(node.expr, making);
  const links = node.ops.map((link) => ({ holds: COMPARISONS[link.type]!, right: expression(link.expr, making) }));
  const site = siteOf(making, node);
  const [only] = links;
  if (links.length === 1 && only !== undefined) {
    const { holds, right } = only;
    return (frame) => {
      const [a, b] = [first(frame), right(frame)];
      frame.run.site = site;
      return holds(a, b);
    };
  }
  return (frame) => {
    let left = first(frame);
    for (const { holds, right } of links) {
      const value = right(frame);
      frame.run.site = site;
      if (!holds(left, value)) return false;
      left = value;
    }
    return true;
  };
}

function concat(node: Concat, making: Making): Evaluate {
  const parts = expressions(node.children, making);
  return (frame) => {
    let text = '';
    for (const part of parts) text += str(part(frame));
    allowText(text.length, '~');
    return text;
  };
}

function dict(node: DictOf, making: Making): Evaluate {
  const pairs = node.children.map((pair) => ({
    key: expression(pair.key, making),
    value: expression(pair.value, making),
  }));
  return (frame) => {
    const result: Dict = new Map();
    for (const { key, value } of pairs) dictSet(result, key(frame), value(frame));
    return result;
  };
}
