// How Python's jsonschema words what a value fails by, and the formats that it knows without further libraries.

import type { ErrorObject } from 'ajv';
import { isDict, type Value } from '../../model/value.ts';
import { readAddress } from '../python/ipaddress.ts';
import { repr } from '../python/text.ts';

function isAddress(version: 4 | 6) {
  return (text: string): boolean => readAddress(text)?.version === version;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  email: (text) => text.includes('@'),
  'idn-email': (text) => text.includes('@'),
  ipv4: isAddress(4),
  ipv6: isAddress(6),
  regex: isRegex,
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
};

function unexpected(words: readonly string[], what: string): string {
  const verb = words.length === 1 ? 'was' : 'were';
  return `${what} are not allowed (${words.join(', ')} ${verb} unexpected)`;
}

function extraItems(found: Value, limit: unknown): string {
  return unexpected((Array.isArray(found) ? found.slice(Number(limit)) : []).map(repr), 'Additional items');
}

function extraProperties(found: Value, { parentSchema }: ErrorObject): string {
  const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
  const patterns = Object.keys((parentSchema?.['patternProperties'] as object | undefined) ?? {});
  const names = isDict(found) ? [...found.keys()].map(String) : [];
  const extra = names.filter(
    (name) => !known.includes(name) && !patterns.some((each) => new RegExp(each, 'u').test(name)),
  );
  return unexpected(extra.sort().map(repr), 'Additional properties');
}

/** Which of the schemas of `oneOf` hold, as jsonschema names them: those after the first, then the first. */
function severalHold(found: Value, expected: Value, { params }: ErrorObject): string {
  const [first, second] = (params as { passingSchemas?: [number, number] }).passingSchemas ?? [0, 1];
  const schemas = Array.isArray(expected) ? [expected[second]!, expected[first]!] : [];
  return `${repr(found)} is valid under each of ${schemas.map(repr).join(', ')}`;
}

const PHRASES: Readonly<Record<string, (found: string, expected: string) => string>> = {
  minimum: (found, expected) => `${found} is less than the minimum of ${expected}`,
  maximum: (found, expected) => `${found} is greater than the maximum of ${expected}`,
  exclusiveMinimum: (found, expected) => `${found} is less than or equal to the minimum of ${expected}`,
  exclusiveMaximum: (found, expected) => `${found} is greater than or equal to the maximum of ${expected}`,
  multipleOf: (found, expected) => `${found} is not a multiple of ${expected}`,
  pattern: (found, expected) => `${found} does not match ${expected}`,
  format: (found, expected) => `${found} is not a ${expected}`,
  minLength: (found) => `${found} is too short`,
  maxLength: (found) => `${found} is too long`,
  minItems: (found) => `${found} is too short`,
  maxItems: (found) => `${found} is too long`,
  uniqueItems: (found) => `${found} has non-unique elements`,
  minProperties: (found) => `${found} does not have enough properties`,
  maxProperties: (found) => `${found} has too many properties`,
  enum: (found, expected) => `${found} is not one of ${expected}`,
  const: (_found, expected) => `${expected} was expected`,
  anyOf: (found) => `${found} is not valid under any of the given schemas`,
  not: (found, expected) => `${found} should not be valid under ${expected}`,
  contains: (found) => `None of ${found} are valid under the given schema`,
};

/** The message of an error about the value `found`, where the schema says `expected`. */
export function describe(error: ErrorObject, found: Value, expected: Value): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return `${repr(String(params['missingProperty']))} is a required property`;
    case 'dependencies':
    case 'dependentRequired':
      return `${repr(String(params['missingProperty']))} is a dependency of ${repr(String(params['property']))}`;
    case 'type':
      return `${repr(found)} is not of type ${(Array.isArray(expected) ? expected : [expected]).map(repr).join(', ')}`;
    case 'additionalItems':
    case 'items':
      return extraItems(found, params['limit']);
    case 'additionalProperties':
      return extraProperties(found, error);
    case 'oneOf':
      return params['passingSchemas'] == null
        ? PHRASES['anyOf']!(repr(found), '')
        : severalHold(found, expected, error);
    default:
      return PHRASES[error.keyword]?.(repr(found), repr(expected)) ?? `${repr(found)} ${error.message ?? 'is invalid'}`;
  }
}
