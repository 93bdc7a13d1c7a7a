// The ini format: hosts by lines, groups by sections, variables typed by Python's literal rules.

import { InventoryError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import type { Value } from '../model/value.ts';
import { Fault } from '../template/fault.ts';
import { readLiteral } from '../template/python/literal.ts';
import { expandHosts } from './range.ts';
import type { Store } from './store.ts';
import { trust } from './trust.ts';

type Kind = 'hosts' | 'vars' | 'children';

/** Reads an ini inventory into a store. Throws InventoryError. */
export function readIni(text: string, file: string, store: Store): void {
  let group = 'ungrouped';
  let kind: Kind = 'hosts';
  const declared = new Set(store.groups.keys());
  const pending = new Map<string, { kind: Kind; position: Position }>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const position: Position = { file, line: index + 1, column: 1 };
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line);
    if (section) {
      group = section[1]!;
      kind = kindOf(section[2] ?? 'hosts', group, position);
      if (kind !== 'vars') {
        declared.add(group);
        store.group(group);
        pending.delete(group);
      } else if (!declared.has(group)) pending.set(group, { kind: 'vars', position });
      continue;
    }
    if (/^\[(?:[^\]]*|.*\])$/.test(line) && !/^\[[0-9a-fA-F:.]*\]$/.test(line))
      throw new InventoryError(
        `Invalid section entry: '${line}'. Please make sure that there are no spaces in the section entry, and that there are no other invalid characters`,
        { position },
      );
    if (kind === 'hosts') readHostLine(line, group, file, position, store);
    else if (kind === 'vars') readVariable(line, group, position, store);
    else if (readChild(line, group, position, store, declared))
      pending.set(childName(line), { kind: 'children', position });
  }
  for (const [name, { kind: wanted, position }] of pending) {
    if (declared.has(name)) continue;
    const message =
      wanted === 'vars'
        ? `Section [${name}:vars] not valid for undefined group '${name}'.`
        : `Section includes undefined group '${name}'.`;
    throw new InventoryError(message, { position });
  }
}

function kindOf(word: string, group: string, position: Position): Kind {
  if (word === 'hosts' || word === 'vars' || word === 'children') return word;
  throw new InventoryError(`Section [${group}:${word}] has unknown type: ${word}`, { position });
}

function readHostLine(line: string, group: string, file: string, position: Position, store: Store): void {
  const [first, ...rest] = splitWords(line, position);
  if (first === undefined) return;
  const { names, port } = expandHosts(first, position);
  const vars = rest.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 0) throw new InventoryError(`Expected key=value host variable assignment, got: ${word}`, { position });
    return [word.slice(0, equals), valueOf(word.slice(equals + 1), position)] as const;
  });
  for (const name of names) {
    store.host(name, file);
    store.addHost(group, name);
    if (port !== undefined) store.setHostVar(name, 'ansible_port', port);
    for (const [key, value] of vars) store.setHostVar(name, key, value);
  }
}

function readVariable(line: string, group: string, position: Position, store: Store): void {
  const equals = line.indexOf('=');
  if (equals < 0) throw new InventoryError(`Expected key=value, got: ${line}`, { position });
  const value = line.slice(equals + 1).trim();
  store.setGroupVar(group, line.slice(0, equals).trim(), valueOf(value, position));
}

/**
 * What the text of a value means: what Python's literal is, where it is one, else the text itself.
 * @throws InventoryError for a literal that no value can be (a dict's key that is a list)
 */
export function valueOf(text: string, position?: Position): Value {
  try {
    const value = readLiteral(text, false);
    return trust(value === undefined ? text : value, position);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new InventoryError(`Failed to parse inventory: ${error.message}`, { position, cause: error });
  }
}

/** True when the child is not declared yet. */
function readChild(
  line: string,
  group: string,
  position: Position,
  store: Store,
  declared: ReadonlySet<string>,
): boolean {
  const name = childName(line);
  if (name === '' || /\s/.test(name)) throw new InventoryError(`Expected group name, got: ${line}`, { position });
  store.addChild(group, name);
  return !declared.has(name);
}

function childName(line: string): string {
  return line.replace(/\s*#.*$/, '').trim();
}

/** Words of a line as a shell would cut them, quotes taken away; a `#` ends the line wherever it stands. */
export function splitWords(line: string, position?: Position): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!;
    if (char === '#') break;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= '';
    if (char === "'") {
      const end = line.indexOf("'", index + 1);
      if (end < 0) throw unclosed(line, position);
      word += line.slice(index + 1, end);
      index = end;
    } else if (char === '"') {
      for (index++; line[index] !== '"'; index++) {
        if (index >= line.length) throw unclosed(line, position);
        if (line[index] === '\\' && /["\\]/.test(line[index + 1] ?? '')) index++;
        word += line[index];
      }
    } else if (char === '\\' && index + 1 < line.length) word += line[++index];
    else word += char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unclosed(line: string, position: Position | undefined): InventoryError {
  return new InventoryError(`Error parsing host definition '${line}': No closing quotation`, { position });
}
