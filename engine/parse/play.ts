// One play: its keywords, roles and four lists of tasks.

import { PlaybookError } from '../model/errors.ts';
import type { Block, Located, Node, Play } from '../model/playbook.ts';
import type { Dict } from '../model/value.ts';
import { readNodes } from './block.ts';
import { type Load, type StaticScope, type Where, within } from './context.ts';
import { keywordAt, readKeyword, unknownKeyword } from './keyword.ts';
import { readUse } from './meta.ts';
import { loadRole } from './role.ts';
import { asList, asMap, entry, isText, kindOf, located, readVars, sourceOf } from './shape.ts';
import { refuseStrategy } from './strategy.ts';
import { readStaticVarsFiles } from './varsfile.ts';
import type { MapNode, YamlNode } from './yaml.ts';

/** What `import_playbook` lays on the plays that it brings. */
export interface Imported {
  readonly vars: Dict;
  readonly conditions: readonly Located[];
  readonly tags: readonly Located[];
}
export const NOT_IMPORTED: Imported = { vars: new Map(), conditions: [], tags: [] };

const LISTS = { pre_tasks: 'pre_tasks', tasks: 'tasks', post_tasks: 'post_tasks', handlers: 'handlers' } as const;
const STRUCTURE = new Set<string>([...Object.values(LISTS), 'roles', 'vars', 'name', 'hosts']);
const PROMPT_KEYS = new Set([
  'name',
  'prompt',
  'default',
  'private',
  'confirm',
  'encrypt',
  'salt_size',
  'salt',
  'unsafe',
]);

/** Reads a play. Throws PlaybookError; faults of its tasks are kept in the load. */
export async function readPlay(
  map: MapNode,
  file: string,
  playbookDir: string,
  imported: Imported,
  load: Load,
): Promise<Play> {
  const directives = readPlayKeywords(map, load);
  const own = readVars(entry(map, 'vars')?.node, 'Play');
  const vars: Dict = new Map([...imported.vars, ...own]);
  if (imported.tags.length > 0) directives['tags'] = joinTags(imported.tags, directives['tags']);
  const scope: StaticScope = await readStaticVarsFiles(
    directives['varsFiles'],
    within({ defaults: [], vars: [] }, vars),
    playbookDir,
    load,
  );
  const collections = directives['collections']?.value;
  const where: Where = {
    file,
    playbookDir,
    role: undefined,
    parent: undefined,
    handler: false,
    collections: Array.isArray(collections) ? collections.filter(isText).map(sourceOf) : [],
    scope,
  };
  const list = (name: keyof typeof LISTS): Promise<Node[] | undefined> =>
    load.attempt(() => readNodes(entry(map, name)?.node, name, { ...where, handler: name === 'handlers' }, load));
  // In this order, so that of several faults the one that Ansible meets first decides the exit code.
  const hosts = readHosts(map);
  const handlers = (await list('handlers')) ?? [];
  const postTasks = (await list('post_tasks')) ?? [];
  const preTasks = (await list('pre_tasks')) ?? [];
  const roles = (await load.attempt(() => readRoles(entry(map, 'roles')?.node, where, load))) ?? [];
  const tasks = (await list('tasks')) ?? [];
  return {
    kind: 'play',
    position: map.position,
    file,
    name: entry(map, 'name') ? located(entry(map, 'name')!.node) : undefined,
    hosts,
    directives,
    vars,
    preTasks,
    roles,
    tasks,
    postTasks,
    handlers,
    conditions: imported.conditions,
  };
}

function readPlayKeywords(map: MapNode, load: Load): Record<string, Located> {
  const directives: Record<string, Located> = {};
  const user = entry(map, 'user');
  if (user && entry(map, 'remote_user'))
    throw new PlaybookError(
      "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should be removed",
      { position: user.keyPosition },
    );
  for (const [key, item] of map.entries) {
    const keyword = keywordAt(key === 'user' ? 'remote_user' : key, 'play');
    if (!keyword) {
      load.fault(unknownKeyword(key, 'Play', 'play', item.keyPosition));
      continue;
    }
    if (STRUCTURE.has(keyword.name) && keyword.name !== 'name') continue;
    const value = readKeyword(keyword, item, load, true);
    if (keyword.name !== 'name') directives[keyword.field] = value;
    if (keyword.name === 'strategy' && typeof value.value === 'string') refuseStrategy(value.value, value.position);
  }
  checkVarsFiles(entry(map, 'vars_files')?.node);
  checkPrompts(entry(map, 'vars_prompt')?.node);
  return directives;
}

function readHosts(map: MapNode): Located {
  const hosts = entry(map, 'hosts');
  if (!hosts) throw new PlaybookError("The field 'hosts' is required but was not set.", { position: map.position });
  const { value, position } = hosts.node;
  const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) throw new PlaybookError('Hosts list cannot be empty. Please check your playbook', { position });
  if (Array.isArray(value)) {
    for (const host of value) {
      if (!isText(host))
        throw new PlaybookError(
          `Hosts list contains an invalid host value: '${host === null ? 'None' : String(host)}'`,
          { position },
        );
    }
  } else if (!isText(value))
    throw new PlaybookError('Hosts list must be a sequence or string. Please check your playbook.', { position });
  return { value, position };
}

function checkVarsFiles(node: YamlNode | undefined): void {
  if (!node || node.value === null) return;
  const items = asList(node)?.items ?? [node];
  for (const item of items.flatMap((one) => asList(one)?.items ?? [one])) {
    if (isText(item.value)) continue;
    throw new PlaybookError(`Invalid \`vars_files\` value: it is ${kindOf(item.value)}.`, {
      position: item.position,
      hint: 'It is a list of file names; a list in it means the first of these that is there.',
    });
  }
}

function checkPrompts(node: YamlNode | undefined): void {
  if (!node || node.value === null) return;
  const items = asList(node)?.items ?? [node];
  for (const item of items) {
    const prompt = asMap(item);
    if (!prompt)
      throw new PlaybookError('Invalid vars_prompt data structure, expected a dictionary for each prompt.', {
        position: item.position,
      });
    if (!prompt.entries.has('name'))
      throw new PlaybookError("Invalid vars_prompt data structure, missing 'name' key", { position: item.position });
    for (const [key, { keyPosition }] of prompt.entries) {
      if (!PROMPT_KEYS.has(String(key)))
        throw new PlaybookError(`Invalid vars_prompt data structure, found unsupported key '${String(key)}'`, {
          position: keyPosition,
        });
    }
  }
}

/** The blocks of `roles:`, dependencies before the roles that need them. */
async function readRoles(node: YamlNode | undefined, where: Where, load: Load): Promise<Block[]> {
  if (!node || node.value === null) return [];
  const items = asList(node);
  if (!items)
    throw new PlaybookError(
      `A malformed role declaration was encountered: it should be a list but is ${kindOf(node.value)}`,
      { position: node.position },
    );
  const blocks: Block[] = [];
  for (const item of items.items) {
    const role = await load.attempt(() => loadRole(readUse(item, where, load), where, load));
    if (role) blocks.push(...role.blocks);
  }
  return blocks;
}

function joinTags(outer: readonly Located[], own: Located | undefined): Located {
  const lists = [...outer, ...(own ? [own] : [])];
  const value = lists.flatMap((tags) => (Array.isArray(tags.value) ? tags.value : [tags.value]));
  return { value, position: lists[0]!.position };
}
