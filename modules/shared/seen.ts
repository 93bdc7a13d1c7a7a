// Reading what was observed: the three answers a resource can have, without casts in every module.

import { AbsentMark, UnknownMark } from '../../engine/model/resource.ts';
import { Float, type Json, type JsonObject } from '../../engine/model/value.ts';
import { ABSENT, type Observed, type Resource, UNKNOWN } from '../../engine/module/contract.ts';

/** The state of a resource as a dict: ABSENT when it is not there (or was not asked for), UNKNOWN when nobody knows. */
export function stateOf(seen: Observed, resource: Resource): JsonObject | typeof ABSENT | typeof UNKNOWN {
  const state = seen.get(resource);
  if (state === undefined || state instanceof AbsentMark) return ABSENT;
  if (state instanceof UnknownMark) return UNKNOWN;
  return isObject(state) ? state : {};
}

/** The dict that a question stored under a name of its own. */
export function noteOf(seen: Observed, resource: Resource): JsonObject {
  const state = stateOf(seen, resource);
  return state instanceof AbsentMark || state instanceof UnknownMark ? {} : state;
}

/** The state, or undefined when the resource is absent or unknown. */
export function knownOf(seen: Observed, resource: Resource): JsonObject | undefined {
  const state = stateOf(seen, resource);
  return state instanceof AbsentMark || state instanceof UnknownMark ? undefined : state;
}

export function isAbsent(state: unknown): state is AbsentMark {
  return state instanceof AbsentMark;
}

export function isUnknown(state: unknown): state is UnknownMark {
  return state instanceof UnknownMark;
}

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Float);
}

/** A text of a dict; '' when it has none. */
export function textOf(object: JsonObject, key: string): string {
  const value: Json | undefined = object[key];
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
}

/** A list of texts of a dict; [] when it has none. */
export function listOf(object: JsonObject, key: string): string[] {
  const value = object[key];
  return Array.isArray(value) ? value.map(String) : [];
}
