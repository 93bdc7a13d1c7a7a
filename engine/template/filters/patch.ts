// community.general's json_patch, json_patch_recipe and json_diff.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { loadJson } from '../python/jsonread.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, boolArgument, dictOf, type FilterTable, filter, refuse } from './define.ts';
import { apply, type Operation, PatchError, PatchTestError } from './pointer.ts';
import { steps } from './steps.ts';

const OPERATIONS = ['add', 'copy', 'move', 'remove', 'replace', 'test'];

/** A document, which may be written as JSON text. */
function documentOf(value: Value | undefined, name: string, what: string): Value {
  if (value !== undefined && (isDict(value) || Array.isArray(value))) return value;
  if (!isText(value)) return refuse(`${name}: ${what} is not dictionary, list or string`);
  try {
    return loadJson(str(value));
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return refuse(`${name}: could not decode JSON from ${what}: ${cause.message}`);
  }
}

function textOf(value: Value | undefined, name: string, argument: string): string {
  return value !== undefined && isText(value) ? str(value) : refuse(`${name}: argument '${argument}' is not a string`);
}

function operationOf(entry: Dict, name: string): Operation {
  const op = textOf(entry.get('op'), name, 'op');
  if (!OPERATIONS.includes(op)) refuse(`${name}: unsupported 'op' argument: ${op}`);
  const path = textOf(entry.get('path'), name, 'path');
  if (op === 'copy' || op === 'move') {
    const from = entry.get('from') ?? null;
    if (from === null) refuse(`${name}: 'from' argument missing for '${op}' operation`);
    return { op, path, from: textOf(from, name, 'from') };
  }
  const value = entry.get('value');
  return value === undefined ? { op, path } : { op, path, value };
}

/** The document after all operations; None when one of them is a test that fails. */
function patched(document: Value, operations: readonly Operation[], strict: boolean, name: string): Value {
  try {
    return operations.reduce(apply, document);
  } catch (error) {
    if (error instanceof PatchTestError)
      return strict ? refuse(`${name}: test operation failed: ${error.message}`) : null;
    if (error instanceof PatchError) return refuse(`${name}: patch failed: ${error.message}`);
    throw error;
  }
}

function jsonPatch(input: Value, [op, path, value, rest]: Bound): Value {
  const name = 'json_patch';
  const further = rest as Dict;
  for (const key of further.keys())
    if (key !== 'from' && key !== 'fail_test') refuse(`${name}: unexpected keyword argument '${str(key)}'`);
  const operation = operationOf(
    dictOf([
      ['op', op!],
      ['path', path!],
      ['value', value ?? null],
      ['from', further.get('from') ?? null],
    ]),
    name,
  );
  return patched(
    documentOf(input, name, 'input'),
    [operation],
    boolArgument(further.get('fail_test'), 'fail_test', false),
    name,
  );
}

function jsonPatchRecipe(input: Value, [operations, failTest]: Bound): Value {
  const name = 'json_patch_recipe';
  if (!Array.isArray(operations)) return refuse(`${name}: 'operations' needs to be a list`);
  const read = operations.map((entry) =>
    isDict(entry)
      ? operationOf(entry, name)
      : refuse(`${name}: elements of 'operations' need to be dictionaries, not ${typeName(entry)}`),
  );
  return patched(documentOf(input, name, 'input'), read, boolArgument(failTest, 'fail_test', false), name);
}

function jsonDiff(input: Value, [target]: Bound): Value {
  return steps(documentOf(input, 'json_diff', 'input'), documentOf(target, 'json_diff', 'target'));
}

export const patches: FilterTable = [
  filter('json_patch', ['op', 'path', 'value?', '**rest'], jsonPatch),
  filter('json_patch_recipe', ['operations', 'fail_test?'], jsonPatchRecipe),
  filter('json_diff', ['target'], jsonDiff),
];
