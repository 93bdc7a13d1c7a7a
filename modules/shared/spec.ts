// A role's argument specification, judged: types, choices, what is required, nested options, constraints. The texts are
// those that Ansible's users see.

import { Float, type Json, type JsonObject } from '../../engine/model/value.ts';
import { type ArgType, CoercionError, coerce, toText } from '../../engine/module/schema.ts';

export interface SpecOption {
  readonly type?: string;
  readonly required?: Json;
  readonly default?: Json;
  readonly choices?: readonly Json[];
  readonly elements?: string;
  readonly aliases?: readonly string[];
  readonly options?: SpecOptions;
}
export type SpecOptions = Readonly<Record<string, SpecOption>>;

/** All faults of `given` against the specification, in Ansible's words. */
export function specErrors(spec: SpecOptions, given: JsonObject): string[] {
  const unsupported: string[] = [];
  const errors = levelErrors(spec, given, [], unsupported);
  if (unsupported.length > 0) {
    errors.push(`${unsupported.sort().join(', ')}. Supported parameters include: ${supported(spec)}.`);
  }
  return errors;
}

function supported(spec: SpecOptions): string {
  return Object.entries(spec)
    .map(([name, option]) => (option.aliases?.length ? `${name} (${option.aliases.join(', ')})` : name))
    .sort()
    .join(', ');
}

function levelErrors(spec: SpecOptions, given: JsonObject, path: readonly string[], unsupported: string[]): string[] {
  const values = named(spec, given, path, unsupported);
  const within = path.length > 0 ? ` found in ${path.join(' -> ')}` : '';
  const errors: string[] = [];
  const missing = Object.keys(spec).filter((name) => spec[name]!.required === true && values[name] === undefined);
  if (missing.length > 0) errors.push(`missing required arguments: ${missing.sort().join(', ')}${within}`);
  const deeper: string[] = [];
  for (const [name, option] of Object.entries(spec)) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    const typed = typeErrors(name, option, value, path);
    if (typed.errors.length > 0) {
      errors.push(...typed.errors);
      continue;
    }
    errors.push(...choiceErrors(name, option, typed.value, within));
    if (option.options !== undefined) deeper.push(...nestedErrors(name, option, typed.value, path, unsupported));
  }
  return [...errors, ...deeper];
}

function named(
  spec: SpecOptions,
  given: JsonObject,
  path: readonly string[],
  unsupported: string[],
): Record<string, Json | undefined> {
  const byAlias = new Map(
    Object.entries(spec).flatMap(([name, option]) => (option.aliases ?? []).map((a) => [a, name])),
  );
  const values: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = Object.hasOwn(spec, key) ? key : byAlias.get(key);
    if (name === undefined) unsupported.push([...path, key].join('.'));
    else values[name] = value;
  }
  return values;
}

function typeErrors(
  name: string,
  option: SpecOption,
  value: Json,
  path: readonly string[],
): { value: Json; errors: string[] } {
  const type = (option.type ?? 'str') as ArgType;
  const within = path.length > 0 ? ` found in '${path.join(' -> ')}'.` : '';
  const whole = converted(type, value);
  if (whole.fault !== undefined) {
    const text = `argument '${name}' is of type ${pythonType(value)}${within} and we were unable to convert to ${type}: ${whole.fault}`;
    return { value, errors: [text] };
  }
  if (type !== 'list' || option.elements === undefined) return { value: whole.value, errors: [] };
  const errors: string[] = [];
  const items = (whole.value as readonly Json[]).map((item) => {
    const one = converted(option.elements as ArgType, item);
    if (one.fault !== undefined) {
      errors.push(
        `Elements value for option '${name}'${within} is of type ${pythonType(item)} and we were unable to convert to ${option.elements}: ${one.fault}`,
      );
    }
    return one.value;
  });
  return { value: items, errors };
}

function converted(type: ArgType, value: Json): { value: Json; fault?: string } {
  try {
    return { value: coerce(type, value) };
  } catch (error) {
    if (!(error instanceof CoercionError)) throw error;
    return { value, fault: faultText(type, value, error.message) };
  }
}

function faultText(type: ArgType, value: Json, fallback: string): string {
  if (type === 'int' || type === 'float') {
    const shown = typeof value === 'string' ? `"'${value}'"` : `"${toText(value)}"`;
    return `${shown} cannot be converted to ${type === 'int' ? 'an int' : 'a float'}`;
  }
  return fallback;
}

function choiceErrors(name: string, option: SpecOption, value: Json, within: string): string[] {
  const choices = option.choices;
  if (choices === undefined) return [];
  const texts = choices.map(toText);
  const wanted = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const strange = wanted.filter((item) => !texts.includes(toText(item)));
  if (strange.length === 0) return [];
  const many = Array.isArray(value);
  return [
    `value of ${name} must be one${many ? ' or more' : ''} of: ${texts.join(', ')}${many ? `. Got no match for: ${strange.map(toText).join(', ')}` : `, got: ${toText(value)}`}${within}`,
  ];
}

function nestedErrors(
  name: string,
  option: SpecOption,
  value: Json,
  path: readonly string[],
  unsupported: string[],
): string[] {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return items.flatMap((item) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item) || item instanceof Float) {
      return [`value of '${name}' must be of type dict or list of dicts`];
    }
    return levelErrors(option.options!, item as JsonObject, [...path, name], unsupported);
  });
}

function pythonType(value: Json): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Float) return 'float';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'bigint' ? 'int' : 'dict';
}
