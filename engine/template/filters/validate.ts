// ansible.utils' validate: data against JSON Schemas, with errors told as Python's jsonschema tells them.

import { createRequire } from 'node:module';
import type { Ajv, AnySchemaObject, ErrorObject, Options } from 'ajv';
import { fromJson, isDict, type Json, toJson, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { loadJson } from '../python/jsonread.ts';
import { repr, str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { describe, FORMATS } from './complaint.ts';
import { type Bound, dictOf, type FilterTable, filter, refuse } from './define.ts';

const ENGINE = 'ansible.utils.jsonschema';

/** The variants of ajv by draft; a schema that names none is of the latest. */
const DRAFTS: Readonly<Record<string, string>> = {
  draft4: 'ajv-draft-04',
  draft6: 'ajv',
  draft7: 'ajv',
  '2019-09': 'ajv/dist/2019',
  '2020-12': 'ajv/dist/2020',
};

/** The draft that a schema says it is of. */
function draftOf(schema: Json): string {
  const named = (schema as { $schema?: unknown } | null)?.$schema;
  if (typeof named !== 'string') return '2020-12';
  const draft = /draft(?:-0(\d)\/|\/(20\d\d-\d\d)\/)/.exec(named);
  if (draft === null) return '2020-12';
  return draft[2] ?? `draft${draft[1]}`;
}

function compilerOf(draft: string): Ajv {
  const module = Object.hasOwn(DRAFTS, draft) ? DRAFTS[draft]! : undefined;
  if (module === undefined)
    return refuse(`JSON Schema ${draft} is not supported; ${Object.keys(DRAFTS).join(', ')} are`);
  const { default: Compiler } = createRequire(import.meta.url)(module) as { default: new (options: Options) => Ajv };
  const ajv = new Compiler({ strict: false, allErrors: true, verbose: true, validateSchema: false, logger: false });
  for (const [name, holds] of Object.entries(FORMATS)) ajv.addFormat(name, holds);
  return ajv;
}

/** What ajv can judge: floats and large ints as plain numbers. */
function plain(value: Value): Json {
  return JSON.parse(JSON.stringify(toJson(value), (_key, item) => (typeof item === 'bigint' ? Number(item) : item)));
}

function read(value: Value | undefined, what: string): Value {
  if (value === undefined) return refuse("Missing either 'data' or 'criteria' value in filter input");
  if (!isText(value)) return value;
  try {
    return loadJson(str(value));
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return refuse(
      `'${what}' option value is invalid, value should a valid JSON. Failed to read with error '${cause.message}'`,
    );
  }
}

/** The keys and indices that lead to where an error is. */
function pathOf(data: Value, pointer: string): Value[] {
  let at = data;
  return pointer
    .split('/')
    .slice(1)
    .map((part): Value => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(at) ? Number(name) : name;
      at = (Array.isArray(at) ? at[Number(name)] : isDict(at) ? at.get(name) : undefined) ?? null;
      return key;
    });
}

function follow(data: Value, path: readonly Value[]): Value {
  return path.reduce<Value>(
    (at, key) => (Array.isArray(at) ? at[Number(key)] : isDict(at) ? at.get(key) : undefined) ?? null,
    data,
  );
}

/** Errors that only lead up to another one: what the branches of anyOf, oneOf and contains said. */
function told(errors: readonly ErrorObject[]): ErrorObject[] {
  const wholes = errors.filter(({ keyword }) => ['anyOf', 'oneOf', 'contains'].includes(keyword));
  const merged = new Set<string>();
  return errors.filter((error) => {
    if (['if', 'propertyNames'].includes(error.keyword)) return false;
    if (wholes.some((whole) => whole !== error && error.schemaPath.startsWith(`${whole.schemaPath}/`))) return false;
    if (!['additionalProperties', 'unevaluatedProperties'].includes(error.keyword)) return true;
    // One error for all of them.
    const where = `${error.instancePath} ${error.schemaPath}`;
    return !merged.has(where) && merged.add(where);
  });
}

function byPlace(a: ErrorObject, b: ErrorObject): number {
  if (a.instancePath !== b.instancePath) return a.instancePath < b.instancePath ? -1 : 1;
  const keys = Object.keys(a.parentSchema ?? {});
  return a.parentSchema === b.parentSchema ? keys.indexOf(a.keyword) - keys.indexOf(b.keyword) : 0;
}

function complaint(error: ErrorObject, data: Value): Value {
  const path = pathOf(data, error.instancePath);
  const found = error.propertyName ?? follow(data, path);
  const expected = fromJson(error.schema as Json);
  const json = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${str(key)}`)).join('');
  return dictOf([
    ['message', describe(error, found, expected)],
    ['data_path', path.map(str).join('.')],
    ['json_path', `$${json}`],
    ['schema_path', decodeURIComponent(error.schemaPath).replace(/^#\//, '').replaceAll('/', '.')],
    ['relative_schema', fromJson(error.parentSchema as Json)],
    ['expected', expected],
    ['validator', error.keyword],
    ['found', found],
  ]);
}

/** What is wrong with `data` by the criteria (a schema or several, as values or as JSON text): a list of dicts. */
export function complaints(
  data: Value,
  criteria: Value | undefined,
  engine: Value | undefined,
  draft?: Value,
): Value[] {
  const name = engine === undefined ? ENGINE : str(engine);
  if (name !== ENGINE) refuse(`validate: the engine '${name}' is not supported, only ${ENGINE} is`);
  const value = read(data, 'data');
  const schemas = read(criteria, 'criteria');
  return (Array.isArray(schemas) ? schemas : [schemas]).flatMap((schema): Value[] => {
    const rules = plain(schema);
    const ajv = compilerOf(draft === undefined || draft === null ? draftOf(rules) : str(draft));
    let judge: ReturnType<Ajv['compile']>;
    try {
      judge = ajv.compile(rules as AnySchemaObject);
    } catch (cause) {
      return refuse(`validate: the schema ${repr(schema)} is invalid: ${(cause as Error).message}`);
    }
    if (judge(plain(value)) === true) return [];
    return told(judge.errors ?? [])
      .sort(byPlace)
      .map((error) => complaint(error, value));
  });
}

function validate(input: Value, [criteria, engine, options]: Bound): Value {
  return complaints(input, criteria, engine, draftOption(options));
}

/** The draft among further options. Throws for those that are not known. */
export function draftOption(options: Value | undefined): Value | undefined {
  const given = isDict(options ?? null) ? (options as Map<Value, Value>) : new Map<Value, Value>();
  for (const key of given.keys())
    if (key !== 'draft') refuse(`validate: unsupported parameter '${str(key)}'; draft is supported`);
  return given.get('draft');
}

export const validation: FilterTable = [filter('validate', ['criteria?', 'engine?', '**options'], validate)];
