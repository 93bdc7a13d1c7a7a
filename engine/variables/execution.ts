// What a task that is about to run knows beside all variables, beneath each of them: whom it works on, and in which
// environment. `vars` and `hostvars` do not show it.

import type { Directives } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { blocksAbove, type Place } from './place.ts';
import type { Layer, Sources } from './precedence.ts';
import { LazyDict } from './scope.ts';

const FOUND: Readonly<Record<string, (place: Place, sources: Sources) => Value | undefined>> = {
  ansible_host: ({ host }) => host,
  ansible_connection: (place, { connection }) =>
    valuesOf('connection', place).findLast((value) => value !== null) ?? connection,
  environment: (place) => valuesOf('environment', place).flatMap((value) => (Array.isArray(value) ? value : [value])),
};

/** The weakest layer of an execution; of any other place, nothing. */
export function executionLayer(place: Place, sources: Sources): readonly Layer[] {
  if (!place.executes) return [];
  return [
    new LazyDict(
      (name) => (Object.hasOwn(FOUND, name) ? FOUND[name]!(place, sources) : undefined),
      () => Object.keys(FOUND).filter((name) => FOUND[name]!(place, sources) !== undefined),
    ),
  ];
}

/** The keyword's values at all levels, outermost first. */
function valuesOf(keyword: string, { play, task }: Place): Value[] {
  const levels: (Directives | undefined)[] = [play?.directives];
  for (const block of blocksAbove(task)) levels.push(block.directives);
  if (task?.kind === 'task') levels.push(task.directives);
  return levels.flatMap((directives) => {
    const value = directives?.[keyword]?.value;
    return value === undefined ? [] : [value];
  });
}
