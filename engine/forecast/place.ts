// One file, many spellings: a path may climb (`..`) or lead through a link that a dry run has not made yet. The forecast keeps
// each file under the one path where it would lie.

import type { Resource } from '../model/resource.ts';

const FILE = 'file:/';
/** A chain of links that is longer leads in a circle. */
const MOST_LINKS = 40;

/**
 * The resource where a file would lie. `targetOf` tells where a link of the forecast leads; links of the host itself are the
 * host's to follow. The last name is not followed: whether a link or what it leads to is meant, the module says.
 */
export function placeOf(resource: Resource, targetOf: (resource: Resource) => string | undefined): Resource {
  if (!resource.startsWith(FILE)) return resource;
  const pending = namesOf(resource.slice(FILE.length));
  let names: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const name = pending.shift()!;
    if (name === '..') {
      names.pop();
      continue;
    }
    names.push(name);
    const target = pending.length === 0 || links === MOST_LINKS ? undefined : targetOf(`${FILE}${names.join('/')}`);
    if (target === undefined) continue;
    links++;
    names = target.startsWith('/') ? [] : names.slice(0, -1);
    pending.unshift(...namesOf(target));
  }
  return `${FILE}${names.join('/')}`;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
