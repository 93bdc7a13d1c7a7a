// Where roles and collections are looked for.

import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import type { Load, Where } from './context.ts';

export interface FoundRole {
  readonly name: string;
  /** '' for a role of its own. */
  readonly collection: string;
  readonly path: string;
}

const QUALIFIED = /^([A-Za-z_]\w*)\.([A-Za-z_]\w*)\.([A-Za-z_][\w.]*)$/;

/** The folder of a role. Throws PlaybookError (exit code 1) with the places searched. */
export async function findRole(name: string, position: Position, where: Where, load: Load): Promise<FoundRole> {
  const inCollection = await findInCollections(name, where, load);
  if (inCollection) return inCollection;
  const places = [
    join(where.playbookDir, 'roles'),
    ...load.options.rolesPath,
    ...(where.role ? [dirname(where.role.path)] : []),
    where.playbookDir,
  ];
  for (const place of places) {
    const path = resolve(place, expandHome(name));
    if ((await load.files.kind(path)) === 'directory') return { name: plainName(name, path), collection: '', path };
  }
  const searched = [...where.collections.filter((one) => one !== 'ansible.legacy'), ...new Set(places)];
  throw new PlaybookError(`the role '${name}' was not found in ${searched.join(':')}`, { position, exitCode: 1 });
}

async function findInCollections(name: string, where: Where, load: Load): Promise<FoundRole | undefined> {
  const qualified = QUALIFIED.exec(name);
  const wanted: [string, string][] = qualified
    ? [[`${qualified[1]}.${qualified[2]}`, qualified[3]!]]
    : where.collections.map((collection) => [collection, name]);
  for (const [collection, role] of wanted) {
    const path = await findInCollection(collection, join('roles', ...role.split('.')), 'directory', load);
    if (path) return { name: `${collection}.${role}`, collection, path };
  }
  return undefined;
}

/** A path within an installed collection `ns.name`; undefined when it is not there. */
export async function findInCollection(
  collection: string,
  inside: string,
  kind: 'file' | 'directory',
  load: Load,
): Promise<string | undefined> {
  const [namespace, name, ...more] = collection.split('.');
  if (!namespace || !name || more.length > 0) return undefined;
  for (const root of load.options.collectionsPaths) {
    const base = basename(root) === 'ansible_collections' ? root : join(root, 'ansible_collections');
    const path = join(base, namespace, name, inside);
    if ((await load.files.kind(path)) === kind) return path;
  }
  return undefined;
}

/** The file of a playbook named `ns.col.play`; undefined when the name is none of that form or nothing is there. */
export async function findCollectionPlaybook(name: string, load: Load): Promise<string | undefined> {
  const qualified = QUALIFIED.exec(name.replace(/\.ya?ml$/, ''));
  if (!qualified) return undefined;
  for (const extension of ['.yml', '.yaml']) {
    const inside = join('playbooks', `${qualified[3]!.replaceAll('.', '/')}${extension}`);
    const path = await findInCollection(`${qualified[1]}.${qualified[2]}`, inside, 'file', load);
    if (path) return path;
  }
  return undefined;
}

function plainName(name: string, path: string): string {
  return isAbsolute(name) || name.startsWith('.') || name.startsWith('~') ? basename(path) : name;
}

function expandHome(name: string): string {
  return name.startsWith('~/') ? join(process.env['HOME'] ?? '/root', name.slice(2)) : name;
}
