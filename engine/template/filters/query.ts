// `json_query`: JMESPath. The parser is the jmespath package's; the interpreter is ours, since values are Maps, ints and
// floats are apart, and dicts keep their order.

import { createRequire } from 'node:module';
import type * as jmespath from 'jmespath';
import { fromJson, isDict, type Json, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { compare, equals } from '../python/compare.ts';
import { dictGet } from '../python/dicts.ts';
import { isNumeric } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { type FilterTable, filter } from './define.ts';
import { callFunction, type Expression } from './queryfunctions.ts';

type Ast = jmespath.Ast;

const parsed = new Map<string, Ast>();

function parse(expression: string): Ast {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  try {
    // Loaded with the first query: most runs have none.
    const { compile } = createRequire(import.meta.url)('jmespath') as typeof jmespath;
    const ast = compile(expression);
    if (parsed.size > 500) parsed.clear();
    parsed.set(expression, ast);
    return ast;
  } catch (cause) {
    // The parser stumbles over some expressions instead of refusing them.
    const reason = cause instanceof TypeError ? 'something is missing or out of place' : (cause as Error).message;
    throw new Fault('TemplateError', `JMESPath: the expression '${expression}' cannot be read: ${reason}`);
  }
}

/** What JMESPath takes for false: null, false and everything empty. */
function isFalse(value: Value): boolean {
  if (isText(value)) return str(value) === '';
  return (
    value === null ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (isDict(value) && value.size === 0)
  );
}

function nodes(ast: Ast): readonly Ast[] {
  return (ast.children ?? []) as readonly Ast[];
}

function visitAll(value: Value, ast: Ast): Value {
  if (!Array.isArray(value)) return null;
  return value.map((item) => visit(item, ast)).filter((item) => item !== null);
}

function visit(raw: Value, ast: Ast | undefined): Value {
  if (ast === undefined) throw new Fault('TemplateError', 'JMESPath: the expression is incomplete');
  const value = raw instanceof Tuple ? [...raw.items] : raw;
  const [left, right, third] = nodes(ast);
  switch (ast.type) {
    case 'Field':
      return isDict(value) ? (dictGet(value, ast.name as string) ?? null) : null;
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return nodes(ast).reduce((current, child) => visit(current, child), value);
    case 'Index':
      return Array.isArray(value) ? (value.at(ast.value as number) ?? null) : null;
    case 'Slice':
      return slice(value, ast.children as readonly (number | null)[]);
    case 'Projection':
      return visitAll(visit(value, left!), right!);
    case 'ValueProjection': {
      const base = visit(value, left!);
      return isDict(base) ? visitAll([...base.values()], right!) : null;
    }
    case 'FilterProjection': {
      const base = visit(value, left!);
      if (!Array.isArray(base)) return null;
      return visitAll(
        base.filter((item) => !isFalse(visit(item, third!))),
        right!,
      );
    }
    case 'Flatten': {
      const base = visit(value, left!);
      return Array.isArray(base) ? base.flatMap((item) => (Array.isArray(item) ? item : [item])) : null;
    }
    case 'Comparator':
      return judge(ast.name as string, visit(value, left!), visit(value, right!));
    case 'Identity':
    case 'Current':
      return value;
    case 'MultiSelectList':
      return value === null ? null : nodes(ast).map((child) => visit(value, child));
    case 'MultiSelectHash':
      if (value === null) return null;
      return new Map(nodes(ast).map((pair) => [pair.name as string, visit(value, pair.value as Ast)]));
    case 'OrExpression': {
      const first = visit(value, left!);
      return isFalse(first) ? visit(value, right!) : first;
    }
    case 'AndExpression': {
      const first = visit(value, left!);
      return isFalse(first) ? first : visit(value, right!);
    }
    case 'NotExpression':
      return isFalse(visit(value, left!));
    case 'Literal':
      return fromJson(ast.value as Json);
    case 'Function':
      return callFunction(
        ast.name as string,
        nodes(ast).map((child) => argument(value, child)),
      );
    default:
      throw new Fault('TemplateError', `JMESPath: '${ast.type}' is not supported`);
  }
}

function argument(value: Value, ast: Ast): Value | Expression {
  if (ast.type !== 'ExpressionReference') return visit(value, ast);
  const [body] = nodes(ast);
  return (item: Value) => visit(item, body!);
}

function judge(operator: string, left: Value, right: Value): Value {
  if (operator === 'EQ') return equals(left, right);
  if (operator === 'NE') return !equals(left, right);
  const comparable = (isNumeric(left) && isNumeric(right)) || (isText(left) && isText(right));
  if (!comparable || typeof left === 'boolean' || typeof right === 'boolean') return null;
  const order = compare(left, right);
  return { GT: order > 0, GTE: order >= 0, LT: order < 0, LTE: order <= 0 }[operator] ?? null;
}

function slice(value: Value, parts: readonly (number | null)[]): Value {
  if (!Array.isArray(value)) return null;
  const step = parts[2] ?? 1;
  if (step === 0) throw new Fault('TemplateError', 'JMESPath: the step of a slice cannot be 0');
  const cap = (index: number) => {
    const at = index < 0 ? index + value.length : index;
    return at < 0 ? (step < 0 ? -1 : 0) : at >= value.length ? (step < 0 ? value.length - 1 : value.length) : at;
  };
  const start = parts[0] === null || parts[0] === undefined ? (step < 0 ? value.length - 1 : 0) : cap(parts[0]);
  const stop = parts[1] === null || parts[1] === undefined ? (step < 0 ? -1 : value.length) : cap(parts[1]);
  const items: Value[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) items.push(value[i]!);
  return items;
}

export const query: FilterTable = [
  filter('json_query', ['expr'], (input, [expression]) => visit(input, parse(str(expression!)))),
];
