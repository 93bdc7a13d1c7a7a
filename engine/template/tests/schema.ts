// Tests of collections that ask what a filter of the same purpose tells: validate and ansible_type.

import type { Value } from '../../model/value.ts';
import { refuse } from '../filters/define.ts';
import { plainType, revealType } from '../filters/reveal.ts';
import { complaints, draftOption } from '../filters/validate.ts';
import { str } from '../python/text.ts';
import { type Bound, type TestTable, test } from './define.ts';

/** Its criteria come by keyword, as Ansible has it. */
function isValid(input: Value, [positional, named]: Bound): boolean {
  const { criteria, engine, ...further } = Object.fromEntries(named as Map<string, Value>);
  if ((positional as Value[]).length > 0 || criteria === undefined)
    refuse('argspec validation failed for validate test plugin: missing required arguments: criteria');
  return complaints(input, criteria, engine, draftOption(new Map(Object.entries(further)))).length === 0;
}

function isOfType(input: Value, [wanted, alias]: Bound): boolean {
  const names = Array.isArray(wanted) ? wanted : [wanted ?? refuse('the type is missing')];
  return names.map((name) => plainType(str(name))).includes(revealType(input, alias));
}

export const schemaTests: TestTable = test('validate', ['*positional', '**options'], isValid);
export const typeTests: TestTable = test('ansible_type', ['dtype', 'alias?'], isOfType);
