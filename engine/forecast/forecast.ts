// In a dry run nothing is applied, and yet later tasks look at the host. The forecast keeps, for each host, the changes
// that were not made, and lays them over what is seen; each answer says how far it can be trusted.

import {
  ABSENT,
  type Bring,
  type Change,
  type Observed,
  type Resource,
  type State,
  UNKNOWN,
} from '../model/resource.ts';
import type { Certainty } from '../model/result.ts';
import type { JsonObject } from '../model/value.ts';
import { derive } from './derive.ts';
import { placeOf } from './place.ts';

/** How far a state is known. */
export interface Doubt {
  readonly certainty: Certainty;
  /** The task that it follows. */
  readonly restsOn: string | undefined;
}

/** What is seen with the forecast laid over it, and which of it is less than certain. */
export interface Foresight {
  readonly observed: Observed;
  readonly doubts: ReadonlyMap<Resource, Doubt>;
}

interface Entry<T> {
  readonly value: T;
  readonly certainty: Certainty;
  /** Name of the task that would have made it. */
  readonly by: string;
}

interface HostForecast {
  readonly changed: Map<Resource, Entry<State>>;
  readonly brought: Map<Resource, Entry<Bring>>;
  readonly mayBring: Entry<Bring>[];
  /** The last unapplied task whose effect nobody can know. */
  opaque: string | undefined;
}

const RANK: Readonly<Record<Certainty, number>> = { certain: 0, foreseen: 1, unknown: 2 };

/** The less certain of two. */
export function worse(a: Certainty, b: Certainty): Certainty {
  return RANK[a] >= RANK[b] ? a : b;
}

export class Forecast {
  readonly #hosts = new Map<string, HostForecast>();

  #of(host: string): HostForecast {
    let forecast = this.#hosts.get(host);
    if (forecast === undefined) {
      forecast = { changed: new Map(), brought: new Map(), mayBring: [], opaque: undefined };
      this.#hosts.set(host, forecast);
    }
    return forecast;
  }

  /** Remembers changes that were planned and not applied. */
  note(host: string, changes: readonly Change[], by: string, certainty: Certainty): void {
    const forecast = this.#of(host);
    for (const change of changes) {
      const of = place(forecast, change.of);
      const earlier = forecast.changed.get(of)?.value;
      const after = merge(earlier ?? change.before, change.after);
      forecast.changed.set(of, { value: after, certainty, by });
      for (const bring of [...(change.brings ?? []), ...derive(change)]) {
        if (bring.of.endsWith('*')) forecast.mayBring.push({ value: bring, certainty: 'foreseen', by });
        else forecast.brought.set(bring.of, { value: bring, certainty: bring.sure ? certainty : 'foreseen', by });
      }
    }
  }

  /** Are there changes of this host that were planned and not applied? */
  isPending(host: string): boolean {
    return this.#of(host).changed.size > 0;
  }

  /** Remembers that a task was skipped whose effect nobody can know. */
  noteOpaque(host: string, by: string): void {
    this.#of(host).opaque = by;
  }

  /** A server that does not answer yet, on whatever host: an unapplied installation may bring it. */
  #service(resource: Resource): Entry<State> | undefined {
    if (!resource.startsWith('server:')) return undefined;
    for (const forecast of this.#hosts.values()) {
      const units = [...forecast.brought.values(), ...forecast.mayBring].filter(({ value }) =>
        value.of.startsWith('unit:'),
      );
      const last = units.at(-1);
      if (last !== undefined) return { value: UNKNOWN, certainty: 'foreseen', by: last.by };
    }
    return undefined;
  }

  /** What was seen, as a later task would see it after the unapplied changes. */
  overlay(host: string, observed: Observed): Foresight {
    const forecast = this.#of(host);
    const laid = new Map<Resource, State>();
    const doubts = new Map<Resource, Doubt>();
    for (const [resource, state] of observed) {
      const entry = foretell(forecast, resource, state) ?? (state === ABSENT ? this.#service(resource) : undefined);
      laid.set(resource, entry === undefined ? state : entry.value);
      if (entry !== undefined && entry.certainty !== 'certain')
        doubts.set(resource, { certainty: entry.certainty, restsOn: entry.by });
      // What the module itself could not see is no more certain than what somebody will bring.
      else if (entry === undefined && state === UNKNOWN)
        doubts.set(resource, { certainty: 'foreseen', restsOn: undefined });
    }
    return { observed: laid, doubts };
  }
}

function foretell(forecast: HostForecast, spelled: Resource, seen: State): Entry<State> | undefined {
  const resource = place(forecast, spelled);
  const changed = forecast.changed.get(resource);
  if (changed !== undefined) return { ...changed, value: merge(seen, changed.value) };
  const removed = ancestor(forecast, resource);
  if (removed !== undefined) return { value: ABSENT, certainty: removed.certainty, by: removed.by };
  if (seen !== ABSENT) return undefined;
  const brought = forecast.brought.get(resource);
  if (brought !== undefined) {
    const { certainty, by, value } = brought;
    return { value: value.as, certainty: isOpaque(value.as) ? worse(certainty, 'foreseen') : certainty, by };
  }
  const within = folderWithin(forecast, resource);
  if (within !== undefined) return within;
  const may = forecast.mayBring.findLast((entry) => matches(entry.value.of, resource));
  if (may !== undefined)
    return { value: isVague(resource, may.value.as) ? UNKNOWN : may.value.as, certainty: 'foreseen', by: may.by };
  if (forecast.opaque !== undefined) return { value: UNKNOWN, certainty: 'unknown', by: forecast.opaque };
  return undefined;
}

/** Where a file would lie after the unapplied changes. */
function place(forecast: HostForecast, resource: Resource): Resource {
  return placeOf(resource, (at) => {
    const state = forecast.changed.get(at)?.value ?? forecast.brought.get(at)?.value.as;
    if (state === undefined || !isObject(state) || state['type'] !== 'link') return undefined;
    return typeof state['target'] === 'string' ? state['target'] : undefined;
  });
}

/** `unit:*` matches every unit, `file:/opt/zstack/*` all that is beneath. */
function matches(pattern: Resource, resource: Resource): boolean {
  return resource.startsWith(pattern.slice(0, -1));
}

/** The unapplied removal (or replacement by a file) of a folder above a file. */
function ancestor(forecast: HostForecast, resource: Resource): Entry<State> | undefined {
  if (!resource.startsWith('file:/')) return undefined;
  for (let path = parent(resource); path.length > 'file:/'.length; path = parent(path)) {
    const entry = forecast.changed.get(path);
    if (entry === undefined) continue;
    return entry.value === ABSENT ? entry : undefined;
  }
  return undefined;
}

/** A folder that must be there because something beneath it would be. */
function folderWithin(forecast: HostForecast, resource: Resource): Entry<State> | undefined {
  if (!resource.startsWith('file:/')) return undefined;
  const prefix = `${resource}/`;
  for (const [other, entry] of forecast.changed) {
    if (other.startsWith(prefix) && entry.value !== ABSENT) {
      return {
        value: { type: 'directory', mode: '0755', owner: 'root', group: 'root', uid: 0, gid: 0 },
        certainty: 'foreseen',
        by: entry.by,
      };
    }
  }
  return undefined;
}

function parent(resource: Resource): Resource {
  return resource.slice(0, Math.max(resource.lastIndexOf('/'), 'file:'.length)) as Resource;
}

function merge(seen: State, after: State): State {
  if (isObject(seen) && isObject(after)) return { ...seen, ...after };
  return after;
}

function isObject(state: State): state is JsonObject {
  return typeof state === 'object' && state !== null && state !== ABSENT && state !== UNKNOWN && !Array.isArray(state);
}

/** A file whose content nobody has read. */
function isOpaque(state: State): boolean {
  return isObject(state) && state['type'] === 'file' && !('content' in state);
}

/** A state that does not say what the resource is like: of a file at least its type must be known. */
function isVague(resource: Resource, json: unknown): boolean {
  if (json === null || typeof json !== 'object') return json === null;
  return Object.keys(json).length === 0 || (resource.startsWith('file:') && !('type' in json));
}
