// The wish of a service task and the state of a unit, the same for every service manager.

import { ABSENT, type Change, type Observed, type Resource } from '../../../engine/model/resource.ts';
import type { JsonObject } from '../../../engine/model/value.ts';
import { isAbsent, isUnknown, knownOf, stateOf, textOf } from '../seen.ts';

export type Wish = 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined;

/** Suffixes that make a name a unit's. */
const SUFFIX = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** `nginx` as systemd calls it: `nginx.service`. */
export function unitName(name: string): string {
  return SUFFIX.test(name) ? name : `${name}.service`;
}

export interface UnitState {
  readonly running: boolean;
  /** What `systemctl is-enabled` would print. */
  readonly enabled: string;
  /** The state as observed, for changes. */
  readonly before: JsonObject | typeof ABSENT;
}

/**
 * The unit's state with the forecast laid over it; undefined when there is none. A unit file that an earlier unapplied task
 * writes makes an inactive, disabled unit; one of which nobody knows whether it comes does not.
 */
export function unitState(seen: Observed, unit: string, files: readonly string[]): UnitState | undefined {
  const state = stateOf(seen, `unit:${unit}`);
  if (isUnknown(state)) return { running: false, enabled: 'disabled', before: ABSENT };
  if (isAbsent(state)) {
    const isWritten = files.some((file) => knownOf(seen, `file:${file}`) !== undefined);
    return isWritten ? { running: false, enabled: 'disabled', before: ABSENT } : undefined;
  }
  const active = textOf(state, 'active') || 'inactive';
  return {
    running: active === 'active' || active === 'activating' || active === 'reloading',
    enabled: textOf(state, 'enabled') || 'disabled',
    before: state,
  };
}

/** What has to be done for a wish: `start` ...; undefined when the unit is as wished. */
export function verbFor(wish: Wish, running: boolean): 'start' | 'stop' | 'restart' | 'reload' | undefined {
  switch (wish) {
    case undefined:
      return undefined;
    case 'started':
      return running ? undefined : 'start';
    case 'stopped':
      return running ? 'stop' : undefined;
    case 'restarted':
      return running ? 'restart' : 'start';
    case 'reloaded':
      return running ? 'reload' : 'start';
  }
}

/** Makes the changes of one unit, each resting on the one before it. */
export function changesOf(unit: string, observed: JsonObject | typeof ABSENT): (after: JsonObject) => Change {
  let before = observed;
  return (wanted) => {
    const after = isAbsent(before) ? { active: 'inactive', enabled: 'disabled', ...wanted } : wanted;
    const change: Change = { of: `unit:${unit}`, before, after };
    before = isAbsent(before) ? after : { ...before, ...after };
    return change;
  };
}

/** What a verb leaves. A restart shows in nothing but the invocation. */
export function afterVerb(verb: 'start' | 'stop' | 'restart' | 'reload'): JsonObject {
  if (verb === 'stop') return { active: 'inactive' };
  return verb === 'start' ? { active: 'active' } : { active: 'active', invocation: `${verb}ed` };
}

/** Did the host answer with this manager? */
export function managerOf(seen: Observed): string {
  const note = knownOf(seen, 'service-manager:' as Resource);
  return note === undefined ? '' : textOf(note, 'name');
}
