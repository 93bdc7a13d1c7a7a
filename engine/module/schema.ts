// Arguments of a module: a closed table from which validation (by ajv), coercion, defaults, types and docs are made.
// Coercions, choices, aliases and constraints are those of Ansible's argument_spec; all issues are collected.

import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import { ArgumentError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import { Float, type Json, type JsonObject } from '../model/value.ts';
import type { LocalFile, LocalFolder, Source } from './contract.ts';

export type ArgType =
  | 'str'
  | 'bool'
  | 'int'
  | 'float'
  | 'path'
  | 'list'
  | 'dict'
  | 'raw'
  | 'json'
  | 'bytes'
  | 'bits'
  | 'jsonarg'
  | 'str_or_list_of_str';

export interface Arg {
  readonly type: ArgType;
  readonly doc: string;
  readonly required?: true;
  readonly default?: Json;
  readonly choices?: readonly (string | number | boolean)[];
  readonly aliases?: readonly string[];
  /** Type of the items of a list. */
  readonly elements?: ArgType;
  /** Sub-options of a dict, or of a list of dicts. */
  readonly options?: Schema;
  /** None is a value like any other, not the absence of one. */
  readonly nullable?: true;
  /** Its value is never shown. */
  readonly secret?: true;
  /** The engine finds the file beside role or playbook, reads (`files`) or renders (`templates`) it and hands in a source. */
  readonly file?: 'files' | 'templates';
  /** With `file`: only when this argument is false (remote_src). */
  readonly fileUnless?: string;
  /** With `file`: only when this argument is not false (unarchive's old `copy`). */
  readonly fileIf?: string;
  /** With `file: 'files'`: a command line whose first word names the file; the module gets a `CommandFile`. */
  readonly commandLine?: true;
  /** Of a dict whose items name files (`filename`) instead of carrying `content`, when the other argument is so: handed in as `source`. */
  readonly fileItems?: { readonly when: string; readonly is: string };
  /** A path of the controller: made absolute from the playbook's folder. */
  readonly controllerPath?: true;
  /** Free form text (`command: echo x`) becomes this argument. */
  readonly freeForm?: true;
}

export type Schema = Readonly<Record<string, Arg>>;

type Primitive = {
  str: string;
  bool: boolean;
  int: number;
  float: number;
  path: string;
  dict: Record<string, Json>;
  raw: Json;
  json: string;
  jsonarg: string;
  str_or_list_of_str: string | string[];
  bytes: number;
  bits: number;
};
type Choice<A extends Arg, T> = A['choices'] extends readonly (infer C)[] ? (C extends T ? C : T) : T;
type ValueOf<A extends Arg> = A['file'] extends 'templates'
  ? Source
  : A['file'] extends 'files'
    ? LocalFile | LocalFolder | string
    : A['type'] extends 'list'
      ? (A['options'] extends Schema
          ? ArgsOf<A['options']>
          : A['elements'] extends keyof Primitive
            ? Primitive[A['elements']]
            : Json)[]
      : A['type'] extends 'dict'
        ? A['options'] extends Schema
          ? ArgsOf<A['options']>
          : Record<string, Json>
        : A['type'] extends keyof Primitive
          ? Choice<A, Primitive[A['type']]>
          : never;

/** The arguments as the module gets them: required and defaulted ones are there, the others may be undefined. */
export type ArgsOf<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends { required: true } | { default: NonNullable<Json> }
    ? ValueOf<S[K]>
    : ValueOf<S[K]> | undefined;
};

type Names<S extends Schema> = readonly (keyof S & string)[];

/** Constraints between arguments, as in Ansible's argument_spec. */
export interface Rules<S extends Schema = Schema> {
  readonly mutuallyExclusive?: readonly Names<S>[];
  readonly requiredTogether?: readonly Names<S>[];
  readonly requiredOneOf?: readonly Names<S>[];
  readonly requiredIf?: readonly {
    readonly arg: keyof S & string;
    readonly is: Json;
    readonly then: Names<S>;
    readonly any?: true;
  }[];
  readonly requiredBy?: Readonly<Partial<Record<keyof S & string, Names<S>>>>;
}

export class CoercionError extends Error {}

const TRUE = new Set<Json>(['y', 'yes', 'on', '1', 'true', 't', 1, true]);
const FALSE = new Set<Json>(['n', 'no', 'off', '0', 'false', 'f', 0, false]);

/** Ansible's reading of a bool; undefined when it is none. */
export function toBool(value: Json): boolean | undefined {
  const key = value instanceof Float ? value.value : typeof value === 'string' ? value.toLowerCase().trim() : value;
  if (TRUE.has(key)) return true;
  if (FALSE.has(key)) return false;
  return undefined;
}

/** Python's `str()` for what YAML gives as an argument where text is wanted. */
export function toText(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return '';
  if (value instanceof Float) return `${value.value}.0`;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return pythonRepr(value);
}

function pythonRepr(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'string')
    return value.includes("'") && !value.includes('"')
      ? `"${value}"`
      : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (typeof value === 'object' && !(value instanceof Float)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`)
      .join(', ')}}`;
  }
  return toText(value);
}

function notBool(value: Json): string {
  return `The value '${toText(value)}' is not a valid boolean. Valid booleans include: ${[...TRUE, ...FALSE]
    .filter((known) => typeof known !== 'boolean')
    .map(pythonRepr)
    .join(', ')}`;
}

/** The value as `type`, by Ansible's rules. Throws CoercionError with what was wanted. */
export function coerce(type: ArgType, value: Json, elements?: ArgType): Json {
  switch (type) {
    case 'str':
      return toText(value);
    case 'path':
      return toText(value);
    case 'raw':
      return value;
    case 'bool': {
      const bool = toBool(value);
      if (bool === undefined) throw new CoercionError(notBool(value));
      return bool;
    }
    case 'int': {
      if (typeof value === 'boolean') return value ? 1 : 0;
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      if (value instanceof Float) return value.value;
      if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
      throw new CoercionError(`'${toText(value)}' cannot be converted to an int`);
    }
    case 'float': {
      if (typeof value === 'number') return value;
      if (value instanceof Float) return value.value;
      if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
      throw new CoercionError(`'${toText(value)}' cannot be converted to a float`);
    }
    case 'list': {
      const list = toList(value);
      if (list === undefined) throw new CoercionError(`'${toText(value)}' is not a list`);
      return elements === undefined ? list : list.map((item) => coerce(elements, item));
    }
    case 'dict': {
      const dict = toDict(value);
      if (dict === undefined) throw new CoercionError(`'${toText(value)}' is not a dict`);
      return dict;
    }
    case 'json':
    case 'jsonarg':
      return typeof value === 'string' ? value.trim() : JSON.stringify(value);
    case 'bytes':
    case 'bits':
      return toSize(value, type);
    case 'str_or_list_of_str':
      if ([value].flat().every((item) => typeof item === 'string')) return value;
      throw new CoercionError('a string or list of strings is required');
  }
}

function toList(value: Json): Json[] | undefined {
  if (Array.isArray(value)) return [...value];
  if (typeof value === 'string') return value.split(',').map((item) => item.trim());
  if (typeof value === 'number' || value instanceof Float) return [toText(value)];
  return undefined;
}

function toDict(value: Json): JsonObject | undefined {
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Float))
    return value as JsonObject;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as JsonObject;
    } catch {
      return undefined;
    }
  }
  if (!text.includes('=')) return undefined;
  const dict: Record<string, Json> = {};
  for (const field of text.split(/,\s*|\s+/)) {
    const at = field.indexOf('=');
    if (at < 1) return undefined;
    dict[field.slice(0, at)] = field.slice(at + 1);
  }
  return dict;
}

const SIZES: Readonly<Record<string, number>> = {
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
  P: 2 ** 50,
  E: 2 ** 60,
  Z: 2 ** 70,
  Y: 2 ** 80,
};

function toSize(value: Json, type: 'bytes' | 'bits'): number {
  if (typeof value === 'number') return value;
  const match = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?\s*$/.exec(toText(value));
  const unit = match?.[2]?.[0]?.toUpperCase() ?? 'B';
  if (!match?.[1] || SIZES[unit] === undefined) throw new CoercionError(`'${toText(value)}' is not a size in ${type}`);
  return Math.round(Number(match[1]) * SIZES[unit]);
}

/** A module's arguments compiled once. */
export interface ArgumentCheck {
  /** Coerced and defaulted arguments under their own names. Throws ArgumentError with every issue. */
  check(
    args: JsonObject,
    where: {
      readonly module: string;
      readonly position?: Position;
      readonly positions?: ReadonlyMap<string, Position>;
    },
  ): JsonObject;
}

const checks = new WeakMap<Schema, ArgumentCheck>();

/** Compiles a schema (once) into its check. */
export function argumentCheck(schema: Schema, rules: Rules = {}): ArgumentCheck {
  let check = checks.get(schema);
  if (check === undefined) {
    check = compile(schema, rules);
    checks.set(schema, check);
  }
  return check;
}

const ajv = makeAjv();

function makeAjv(): Ajv {
  // What is compiled here is made by `jsonSchema`: to check it against the schema of schemas would only cost start-up.
  const made = new Ajv({ allErrors: true, useDefaults: true, strict: false, meta: false, validateSchema: false });
  made.addKeyword({
    keyword: 'coerced',
    modifying: true,
    errors: 'full',
    compile({ type, elements, choices }: { type: ArgType; elements?: ArgType; choices?: Arg['choices'] }) {
      const validate: ValidateLike = (value, context) => {
        if (value === undefined || context === undefined) return true;
        try {
          const coerced = coerce(type, value as Json, elements);
          context.parentData[context.parentDataProperty] = choices === undefined ? coerced : chosen(coerced, choices);
          return true;
        } catch (error) {
          if (!(error instanceof CoercionError)) throw error;
          validate.errors = [{ keyword: 'coerced', message: error.message, params: { type } }];
          return false;
        }
      };
      return validate as never;
    },
  });
  return made;
}

/** A bool where words are to choose from (YAML reads `yes` as one) is the one word that says the same. */
function chosen(value: Json, choices: NonNullable<Arg['choices']>): Json {
  if ((value !== 'True' && value !== 'False') || choices.includes(value)) return value;
  const same = choices.filter((choice) => toBool(choice) === (value === 'True'));
  return same.length === 1 ? same[0]! : value;
}

interface ValidateLike {
  (
    value: unknown,
    context?: { parentData: Record<string | number, unknown>; parentDataProperty: string | number },
  ): boolean;
  errors?: Partial<ErrorObject>[];
}

function jsonSchema(schema: Schema): AnySchemaObject {
  const properties: Record<string, AnySchemaObject> = {};
  for (const [name, arg] of Object.entries(schema)) {
    const list = arg.type === 'list';
    const inner = arg.options === undefined ? undefined : jsonSchema(arg.options);
    properties[name] = {
      allOf: [
        ...(arg.file === undefined
          ? [
              {
                coerced: {
                  type: arg.type,
                  elements: arg.options === undefined ? arg.elements : undefined,
                  choices: list ? undefined : arg.choices,
                },
              },
            ]
          : [{}]),
        ...(inner === undefined ? [] : [list ? { items: inner } : inner]),
        ...(arg.choices === undefined ? [] : [list ? { items: { enum: arg.choices } } : { enum: arg.choices }]),
      ],
      ...(arg.default === undefined || arg.default === null ? {} : { default: arg.default }),
    };
  }
  const required = Object.keys(schema).filter((name) => schema[name]!.required);
  return { type: 'object', properties, required, additionalProperties: false };
}

function compile(schema: Schema, rules: Rules): ArgumentCheck {
  const validate = ajv.compile(jsonSchema(schema));
  const aliases = aliasTable(schema);
  return {
    check(given, where) {
      const args = withoutAliases(given, schema, aliases);
      // Arguments exclude each other only where they were given, not by their defaults.
      const written: ReadonlySet<string> = new Set(Object.keys(args));
      const issues = [...issuesOf(validate, args, schema), ...ruleIssues(args, rules as Rules, written)];
      if (issues.length > 0) {
        const first = issues.find((issue) => issue.argument !== undefined && where.positions?.has(issue.argument));
        throw new ArgumentError(
          issues.map((issue) => issue.message(where.module)).join('; '),
          issues.map((issue) => issue.message(where.module)),
          { position: (first && where.positions?.get(first.argument!)) ?? where.position },
        );
      }
      return args as JsonObject;
    },
  };
}

function aliasTable(schema: Schema): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const [name, arg] of Object.entries(schema)) for (const alias of arg.aliases ?? []) table.set(alias, name);
  return table;
}

function withoutAliases(given: JsonObject, schema: Schema, aliases: ReadonlyMap<string, string>): Record<string, Json> {
  const args: Record<string, Json> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = Object.hasOwn(schema, key) ? key : (aliases.get(key) ?? key);
    // None means "not given", as in Ansible, unless the argument takes any value.
    if (value === null && schema[name] !== undefined && !schema[name].nullable) continue;
    args[name] = structuredCloneJson(value);
    const options = schema[name]?.options;
    if (options !== undefined) args[name] = resolveNested(args[name]!, options);
  }
  return args;
}

function resolveNested(value: Json, options: Schema): Json {
  const table = aliasTable(options);
  if (Array.isArray(value)) return value.map((item) => resolveNested(item, options));
  if (value === null || typeof value !== 'object' || value instanceof Float) return value;
  return withoutAliases(value as JsonObject, options, table);
}

function structuredCloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(structuredCloneJson);
  if (value === null || typeof value !== 'object' || value instanceof Float) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, structuredCloneJson(item)]));
}

interface Issue {
  readonly argument?: string | undefined;
  message(module: string): string;
}

function issuesOf(validate: ValidateFunction, args: Record<string, Json>, schema: Schema): Issue[] {
  if (validate(args)) return [];
  const unsupported: string[] = [];
  const missing: string[] = [];
  const issues: Issue[] = [];
  for (const error of validate.errors ?? []) {
    const path = error.instancePath.split('/').slice(1);
    const within = path.length > 0 ? ` found in ${path.join('.')}` : '';
    if (error.keyword === 'additionalProperties') {
      const name = String(error.params['additionalProperty']);
      if (within === '') unsupported.push(name);
      else
        issues.push({
          argument: path[0],
          message: (module) => `Unsupported parameters for (${module}) module: ${[...path, name].join('.')}`,
        });
    } else if (error.keyword === 'required') {
      const name = String(error.params['missingProperty']);
      if (within === '') missing.push(name);
      else issues.push({ argument: path[0], message: () => `missing required arguments: ${name}${within}` });
    } else if (error.keyword === 'enum') {
      const value = path.reduce<Json | undefined>((at, key) => (at as Record<string, Json> | undefined)?.[key], args);
      const choices = (error.params['allowedValues'] as Json[]).map(toText).join(', ');
      issues.push({
        argument: path[0],
        message: () =>
          `value of ${path[0]} must be one${schema[path[0]!]?.type === 'list' ? ' or more' : ''} of: ${choices}, got: ${toText(value ?? null)}`,
      });
    } else if (error.keyword === 'coerced') {
      const type = String(error.params['type']);
      issues.push({
        argument: path[0],
        message: () =>
          `argument '${path.join('.')}' is of type ${typeName(path.reduce<Json | undefined>((at, key) => (at as Record<string, Json> | undefined)?.[key], args) ?? null)} and we were unable to convert to ${type}: ${error.message ?? ''}`,
      });
    }
  }
  if (missing.length > 0) issues.unshift({ message: () => `missing required arguments: ${missing.join(', ')}` });
  if (unsupported.length > 0)
    issues.unshift({ argument: unsupported[0], message: (module) => unsupportedMessage(module, unsupported, schema) });
  return issues;
}

function unsupportedMessage(module: string, names: readonly string[], schema: Schema): string {
  const aliases = Object.values(schema).flatMap((arg) => arg.aliases ?? []);
  const also = aliases.length === 0 ? '' : ` (${aliases.sort().join(', ')})`;
  return `Unsupported parameters for (${module}) module: ${[...names].sort().join(', ')}. Supported parameters include: ${Object.keys(schema).sort().join(', ')}${also}.`;
}

function typeName(value: Json): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Float) return 'float';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'bigint' ? 'int' : 'dict';
}

function ruleIssues(args: Readonly<Record<string, Json>>, rules: Rules, written: ReadonlySet<string>): Issue[] {
  const given = (name: string): boolean => args[name] !== undefined;
  const issues: Issue[] = [];
  const issue = (text: string, argument?: string): void => void issues.push({ argument, message: () => text });
  for (const names of rules.mutuallyExclusive ?? []) {
    if (names.filter((name) => written.has(name)).length > 1)
      issue(`parameters are mutually exclusive: ${names.join('|')}`, names.find(given));
  }
  for (const names of rules.requiredTogether ?? []) {
    if (names.some(given) && !names.every(given))
      issue(`parameters are required together: ${names.join(', ')}`, names.find(given));
  }
  for (const names of rules.requiredOneOf ?? []) {
    if (!names.some(given)) issue(`one of the following is required: ${names.join(', ')}`);
  }
  for (const { arg, is, then, any } of rules.requiredIf ?? []) {
    if (args[arg] !== is) continue;
    const missing = then.filter((name) => !given(name));
    if (any ? missing.length === then.length : missing.length > 0) {
      issue(
        `${arg} is ${toText(is)} but ${any ? 'any' : 'all'} of the following are missing: ${missing.join(', ')}`,
        arg,
      );
    }
  }
  for (const [arg, names] of Object.entries(rules.requiredBy ?? {})) {
    const missing = (names ?? []).filter((name) => !given(name));
    if (given(arg) && missing.length > 0)
      issue(`missing parameter(s) required by '${arg}': ${missing.join(', ')}`, arg);
  }
  return issues;
}
