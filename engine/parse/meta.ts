// meta/main.yml of a role: dependencies, allow_duplicates, collections.

import { join } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Located } from '../model/playbook.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Load, Where } from './context.ts';
import { staticName } from './imports.ts';
import { keywordAt, readKeyword } from './keyword.ts';
import type { Use } from './role.ts';
import { asList, asMap, entry, isText, kindOf, readVars, sourceOf } from './shape.ts';
import type { MapNode, YamlNode } from './yaml.ts';

export interface Meta {
  readonly allowDuplicates: boolean;
  readonly collections: readonly string[];
  /** The roles it depends on, as uses; names are rendered in the role's variables. Throws PlaybookError. */
  dependencies(where: Where, load: Load): readonly Use[];
}

/** Reads the metadata of a role's folder; of a role without any, what that means. Throws PlaybookError. */
export async function readMeta(rolePath: string, load: Load): Promise<Meta> {
  const node = await firstDocument(rolePath, ['main.yml', 'main.yaml', 'main.json', 'main'], load);
  if (!node || node.value === null) return { allowDuplicates: false, collections: [], dependencies: () => [] };
  const map = asMap(node);
  if (!map)
    throw new PlaybookError(`the 'meta/main.yml' for role ${rolePath} is not a dictionary`, {
      position: node.position,
    });
  const list = entry(map, 'dependencies')?.node;
  const collections = entry(map, 'collections')?.node.value;
  return {
    allowDuplicates: isTrue(entry(map, 'allow_duplicates')?.node.value),
    collections: Array.isArray(collections) ? collections.filter(isText).map(sourceOf) : [],
    dependencies: (where, load_) => (list ? readDependencies(list, where, load_) : []),
  };
}

/** The first of these files in a role's meta folder. */
export async function firstDocument(
  rolePath: string,
  names: readonly string[],
  load: Load,
): Promise<YamlNode | undefined> {
  for (const name of names) {
    const path = join(rolePath, 'meta', name);
    if ((await load.files.kind(path)) === 'file') return load.node(path);
  }
  return undefined;
}

function isTrue(value: Value | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(?:yes|true|on|1|y|t)$/i.test(value));
}

function readDependencies(list: YamlNode, where: Where, load: Load): Use[] {
  if (list.value === null) return [];
  const items = asList(list);
  if (!items) throw new PlaybookError('Expected role dependencies to be a list.', { position: list.position });
  return items.items.map((item) => ({ ...readUse(item, where, load, true), dependency: true }));
}

/** A role as `roles:` or `dependencies:` name it: a name, or a dict with keywords and parameters. Throws PlaybookError. */
export function readUse(node: YamlNode, where: Where, load: Load, dependency = false): Use {
  if (isText(node.value)) {
    const name = staticName(node.value, 'role name', where, load, node.position, 1);
    if (name.includes(',') && !dependency)
      throw new PlaybookError(`Invalid old style role requirement: ${name}`, { position: node.position, exitCode: 1 });
    return { name, position: node.position };
  }
  const map = asMap(node);
  if (!map)
    throw new PlaybookError('Invalid role definition.', {
      position: node.position,
      hint: `A role is a name or a dictionary; this is ${kindOf(node.value)}.`,
    });
  return readDefinition(map, where, load, dependency);
}

function readDefinition(map: MapNode, where: Where, load: Load, dependency: boolean): Use {
  const named = entry(map, 'role') ?? entry(map, 'name') ?? (dependency ? entry(map, 'src') : undefined);
  if (!named || !isText(named.node.value))
    throw new PlaybookError('role definitions must contain a role name', { position: map.position, exitCode: 1 });
  const directives: Record<string, Located> = {};
  const params: Dict = new Map();
  for (const [key, item] of map.entries) {
    if (key === 'role' || key === 'name' || key === 'vars') continue;
    if (dependency && map.entries.has('src') && GALAXY_KEYS.has(String(key))) continue;
    const keyword = keywordAt(key, 'role');
    if (keyword) directives[keyword.field] = readKeyword(keyword, item, load);
    else params.set(key, item.node.value);
  }
  const vars = readVars(entry(map, 'vars')?.node, 'RoleInclude');
  const name = staticName(
    named.node.value,
    'role name',
    { ...where, scope: { ...where.scope, vars: [...where.scope.vars, vars, params] } },
    load,
    named.node.position,
    1,
  );
  return { name, position: map.position, directives, params, vars };
}

/** What ansible-galaxy reads of a dependency that names where it comes from. */
const GALAXY_KEYS = new Set(['src', 'scm', 'version', 'name']);
