// Lists of tasks, and blocks with their rescue and always.

import { PlaybookError } from '../model/errors.ts';
import type { Block, Directives, Located, Node, Role } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import type { Dict } from '../model/value.ts';
import { type Load, type Where, within } from './context.ts';
import { keywordAt, readKeyword, unknownKeyword } from './keyword.ts';
import { asList, asMap, entry, kindOf, readVars } from './shape.ts';
import { readTask } from './task.ts';
import type { MapNode, YamlNode } from './yaml.ts';

/** A block under construction: closed by handing it out as `Block`. */
export interface OpenBlock extends Block {
  readonly body: Node[];
  readonly rescue: Node[];
  readonly always: Node[];
}

const SECTIONS = ['block', 'rescue', 'always'] as const;

/**
 * A list of tasks and blocks. Faults of single entries are kept in the load, and reading goes on.
 * @param what how messages call the list: `tasks`, `handlers`, `a block` ...
 * @throws PlaybookError when it is no list
 */
export async function readNodes(list: YamlNode | undefined, what: string, where: Where, load: Load): Promise<Node[]> {
  if (!list || list.value === null) return [];
  const items = asList(list);
  if (!items)
    throw new PlaybookError(
      `A malformed block was encountered while loading ${what}: it should be a list or None but is ${kindOf(list.value)}`,
      { position: list.position },
    );
  const nodes: Node[] = [];
  for (const item of items.items) {
    if (item.value === null) continue;
    const node = await load.attempt(() => readNode(item, what, where, load));
    if (node) nodes.push(node);
  }
  return nodes;
}

async function readNode(item: YamlNode, what: string, where: Where, load: Load): Promise<Node> {
  const map = asMap(item);
  if (!map)
    throw new PlaybookError(
      `A malformed block was encountered while loading ${what}: its items should be dictionaries, and this is ${kindOf(item.value)}`,
      { position: item.position },
    );
  const section = SECTIONS.find((name) => map.entries.has(name));
  if (section === undefined) return readTask(map, where, load);
  if (!map.entries.has('block'))
    throw new PlaybookError(`'${section}' keyword cannot be used without 'block'`, { position: map.position });
  return readBlock(map, where, load);
}

async function readBlock(map: MapNode, where: Where, load: Load): Promise<Block> {
  const { directives, name, vars } = readBlockKeywords(map, load);
  const block = openBlock({ origin: 'block', position: map.position, name, directives, vars }, where);
  const inner: Where = { ...where, parent: block, scope: within(where.scope, vars) };
  for (const section of SECTIONS) {
    const list = entry(map, section)?.node;
    if (list?.value === null) load.fault(missingSection(section, list.position));
    const what = section === 'block' ? 'a block' : section;
    const nodes = await load.attempt(() => readNodes(list, what, inner, load));
    (section === 'block' ? block.body : block[section]).push(...(nodes ?? []));
  }
  return block;
}

function missingSection(section: string, position: Position): PlaybookError {
  return new PlaybookError(
    `A malformed block was encountered while loading ${section === 'block' ? 'a block' : section}: it should be a list but there is nothing`,
    { position },
  );
}

function readBlockKeywords(
  map: MapNode,
  load: Load,
): { directives: Directives; name: Located | undefined; vars: Dict } {
  const directives: Record<string, Located> = {};
  let name: Located | undefined;
  for (const [key, item] of map.entries) {
    const keyword = keywordAt(key, 'block');
    if (!keyword) throw unknownKeyword(key, 'Block', 'block', item.keyPosition);
    if (keyword.name === 'vars' || (SECTIONS as readonly string[]).includes(keyword.name)) continue;
    const value = readKeyword(keyword, item, load);
    if (keyword.name === 'name') name = value;
    else directives[keyword.field] = value;
  }
  return { directives, name, vars: readVars(entry(map, 'vars')?.node, 'Block') };
}

/** An empty block at a place in the tree. */
export function openBlock(
  is: {
    readonly origin: Block['origin'];
    readonly position: Position;
    readonly name?: Located | undefined;
    readonly directives?: Directives;
    readonly vars?: Dict;
    readonly role?: Role;
  },
  where: Where,
): OpenBlock {
  return {
    kind: 'block',
    position: is.position,
    name: is.name,
    origin: is.origin,
    directives: is.directives ?? {},
    vars: is.vars ?? new Map(),
    body: [],
    rescue: [],
    always: [],
    role: is.role ?? where.role,
    parent: where.parent,
    file: where.file,
  };
}
