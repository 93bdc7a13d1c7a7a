// A playbook: a list of plays and of imports of other playbooks.

import { dirname, isAbsolute, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Located, Play } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { Template } from '../model/value.ts';
import type { Load, Where } from './context.ts';
import { staticName } from './imports.ts';
import { readTags, unknownKeyword } from './keyword.ts';
import { type Imported, NOT_IMPORTED, readPlay } from './play.ts';
import { findCollectionPlaybook } from './search.ts';
import { asList, asMap, entry, isText, kindOf, located, readVars } from './shape.ts';
import type { MapNode } from './yaml.ts';

const IMPORT_NAMES = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook'];
const IMPORT_KEYWORDS = new Set(['name', 'tags', 'when', 'vars']);

/** All plays of a playbook file, imported ones in their places. Faults are kept in the load. */
export async function readPlaybook(
  path: string,
  load: Load,
  imported: Imported = NOT_IMPORTED,
  chain: readonly string[] = [],
): Promise<Play[]> {
  const document = await load.node(path);
  if (document.value === null)
    throw new PlaybookError(`Empty playbook, nothing to do: ${path}`, { position: document.position });
  const entries = asList(document);
  if (!entries)
    throw new PlaybookError(`A playbook must be a list of plays, got ${kindOf(document.value)} instead: ${path}`, {
      position: document.position,
    });
  if (entries.items.length === 0)
    throw new PlaybookError(`A playbook must contain at least one play: ${path}`, { position: document.position });
  const plays: Play[] = [];
  for (const item of entries.items) {
    const found = await load.attempt(async () => {
      const map = asMap(item);
      if (!map)
        throw new PlaybookError("playbook entries must be either valid plays or 'import_playbook' statements", {
          position: item.position,
        });
      const statement = IMPORT_NAMES.find((name) => map.entries.has(name));
      if (statement !== undefined) return importPlaybook(map, statement, path, load, imported, [...chain, path]);
      return [await readPlay(map, path, dirname(path), imported, load)];
    });
    plays.push(...(found ?? []));
  }
  return plays;
}

async function importPlaybook(
  map: MapNode,
  statement: string,
  path: string,
  load: Load,
  outer: Imported,
  chain: readonly string[],
): Promise<Play[]> {
  for (const [key, { keyPosition }] of map.entries) {
    if (key !== statement && !IMPORT_KEYWORDS.has(String(key)))
      throw unknownKeyword(key, 'PlaybookInclude', undefined, keyPosition);
  }
  const named = entry(map, statement)!.node;
  if (named.value === null)
    throw new PlaybookError("The field 'import_playbook' is required but was not set.", { position: map.position });
  if (!isText(named.value))
    throw new PlaybookError(
      `The field 'import_playbook' is supposed to be a string type, however the incoming data structure is ${kindOf(named.value)}`,
      { position: named.position },
    );
  const vars = readVars(entry(map, 'vars')?.node, 'PlaybookInclude');
  const imported: Imported = {
    vars: new Map([...vars, ...outer.vars]),
    conditions: [...outer.conditions, ...conditionsOf(map)],
    tags: [
      ...outer.tags,
      ...(map.entries.has('tags') ? [{ value: readTags(entry(map, 'tags')!.node), position: map.position }] : []),
    ],
  };
  const name = named.value instanceof Template ? render(named.value, imported, path, load) : named.value;
  const file = (await findCollectionPlaybook(name, load)) ?? (isAbsolute(name) ? name : resolve(dirname(path), name));
  if (chain.includes(file))
    throw new PlaybookError(`The playbook '${file}' imports itself.`, { position: named.position });
  if ((await load.files.kind(file)) !== 'file')
    throw new PlaybookError(
      `Unable to retrieve file contents. Could not find or access '${file}' on the Ansible Controller.`,
      {
        position: named.position,
        exitCode: 1,
      },
    );
  return readPlaybook(file, load, imported, chain);
}

function render(value: Template, imported: Imported, path: string, load: Load): string {
  const where: Where = {
    file: path,
    playbookDir: dirname(path),
    role: undefined,
    parent: undefined,
    handler: false,
    collections: [],
    scope: { defaults: [], vars: [imported.vars] },
  };
  return staticName(value, 'import path', where, load, value.position ?? { file: path, line: 1, column: 1 });
}

function conditionsOf(map: MapNode): Located[] {
  const when = entry(map, 'when')?.node;
  if (!when || when.value === null) return [];
  const items: readonly { value: Value; position: Located['position'] }[] = when.kind === 'seq' ? when.items : [when];
  return items.map((item) => ({ value: item.value, position: item.position ?? located(when).position }));
}
