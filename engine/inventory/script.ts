// Executable sources: `--list` prints JSON with groups, `_meta.hostvars` or `--host NAME` the variables of hosts.

import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { InventoryError } from '../model/errors.ts';
import { fromJson, isDict, type Json, type Value } from '../model/value.ts';
import type { Store } from './store.ts';
import { trust } from './trust.ts';

const run = promisify(execFile);

/** Runs a script and reads what it prints into a store. Throws InventoryError. */
export async function readScript(path: string, store: Store, warn: (message: string) => void): Promise<void> {
  const listing = await ask(path, ['--list']);
  if (!isDict(listing)) throw new InventoryError(`Inventory script result must be a dictionary with groups.`);
  const meta = listing.get('_meta');
  const hostvars = isDict(meta) ? meta.get('hostvars') : undefined;
  for (const [name, group] of listing) if (name !== '_meta') readGroup(String(name), group, path, store, warn);
  for (const host of store.hosts.keys()) {
    if (store.sourceOfHost.get(host) !== path) continue;
    const vars = isDict(hostvars) ? (hostvars.get(host) ?? null) : await ask(path, ['--host', host]);
    if (isDict(vars)) for (const [key, value] of vars) store.setHostVar(host, key, value);
  }
}

async function ask(path: string, args: readonly string[]): Promise<Value> {
  let output: string;
  try {
    ({ stdout: output } = await run(path, [...args], { cwd: dirname(path), maxBuffer: 512 * 1024 * 1024 }));
  } catch (cause) {
    const { code, stderr } = cause as { code?: number | string; stderr?: string };
    const why = typeof code === 'number' ? `returned non-zero exit code ${code}` : `could not be run (${String(code)})`;
    const said = stderr?.trim() ? ` Standard error from inventory script: ${stderr.trim()}` : '';
    throw new InventoryError(`Inventory script ${why}.${said}`, { cause });
  }
  if (output.trim() === '') return new Map();
  try {
    return trust(fromJson(JSON.parse(output) as Json));
  } catch (cause) {
    throw new InventoryError('Inventory script result could not be parsed as JSON.', { cause });
  }
}

function readGroup(name: string, group: Value, path: string, store: Store, warn: (message: string) => void): void {
  store.group(name);
  const add = (hosts: Value): void => {
    if (!Array.isArray(hosts))
      throw new InventoryError(`You defined a group '${name}' with bad data for the host list.`);
    for (const host of hosts) {
      store.host(String(host), path);
      store.addHost(name, String(host));
    }
  };
  if (Array.isArray(group)) {
    warn(`Group '${name}' was converted to 'dict' from 'list': give it the key 'hosts'.`);
    add(group);
    return;
  }
  if (!isDict(group)) throw new InventoryError(`Group '${name}' must be a dictionary.`);
  const known = ['hosts', 'vars', 'children'].some((key) => group.has(key));
  if (!known && group.size > 0) {
    // The oldest form: a dict that is nothing but variables of a host of the group's name.
    store.host(name, path);
    store.addHost(name, name);
    for (const [key, value] of group) store.setHostVar(name, key, value);
    return;
  }
  if (group.has('hosts')) add(group.get('hosts')!);
  const vars = group.get('vars');
  if (isDict(vars)) for (const [key, value] of vars) store.setGroupVar(name, key, value);
  const children = group.get('children');
  if (Array.isArray(children)) for (const child of children) store.addChild(name, String(child));
}
