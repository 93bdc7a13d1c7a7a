// Which format a source is in: each plugin is asked in order, the first that can read it does.

import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InventoryError, PlaybookError } from '../model/errors.ts';
import type { PlacedDocument, Position } from '../model/position.ts';
import { isDict, type Value } from '../model/value.ts';
import { readIni } from './ini.ts';
import { expandHosts, splitPort } from './range.ts';
import { readScript } from './script.ts';
import type { Store } from './store.ts';
import { readYamlInventory } from './yaml.ts';

export interface SourceOptions {
  /** One YAML or JSON document. Throws PlaybookError. */
  parseYaml(text: string, file: string): PlacedDocument;
  warn(message: string, position?: Position): void;
  /** Plugins that are asked, in order (setting enable_plugins). */
  readonly plugins: readonly string[];
  readonly ignoreExtensions: readonly string[];
  /** Regular expressions of names to leave out. */
  readonly ignorePatterns: readonly string[];
  /** Further formats, by the name of their plugin: what `plugin: NAME` in a YAML file asks for. */
  readonly formats?: ReadonlyMap<string, Format> | undefined;
}

/** A format that reads a configuration file (`plugin: constructed`). Throws InventoryError. */
export type Format = (config: ReadonlyMap<Value, Value>, file: string, store: Store) => void | Promise<void>;

const YAML_EXTENSIONS = new Set(['.yaml', '.yml', '.json']);
const IGNORED_FOLDERS = new Set(['group_vars', 'host_vars', 'vars_plugins']);

/** Reads one source into the store; true when something could be read. */
export async function readSource(source: string, store: Store, options: SourceOptions): Promise<boolean> {
  if (source.includes(',')) return readNames(source, store, options.plugins);
  const kind = await kindOf(source);
  if (kind === 'directory') return readFolder(source, store, options);
  const failures: { readonly message: string; readonly position: Position | undefined }[] = [];
  if (kind === 'file') {
    for (const plugin of options.plugins) {
      try {
        if (await readWith(plugin, source, store, options)) return true;
      } catch (error) {
        if (!(error instanceof InventoryError) && !(error instanceof PlaybookError)) throw error;
        const message = `Failed to parse inventory with '${plugin}' plugin: ${error.message}`;
        failures.push({ message, position: error.position });
      }
    }
  }
  for (const { message, position } of failures) options.warn(message, position);
  options.warn(`Unable to parse ${source} as an inventory source`);
  return false;
}

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch {
    return undefined;
  }
}

/** `-i a,b:22,` */
function readNames(source: string, store: Store, plugins: readonly string[]): boolean {
  const advanced = plugins.includes('advanced_host_list') && !plugins.includes('host_list');
  for (const name of source.split(',').map((part) => part.trim())) {
    if (name === '') continue;
    const { names, port } = advanced ? expandHosts(name) : named(name);
    for (const host of names) {
      store.host(host, source);
      store.addHost('ungrouped', host);
      if (port !== undefined) store.setHostVar(host, 'ansible_port', port);
    }
  }
  return true;
}

function named(entry: string): { names: readonly string[]; port: number | undefined } {
  try {
    const { host, port } = splitPort(entry);
    return { names: [host], port };
  } catch {
    return { names: [entry], port: undefined };
  }
}

async function readFolder(folder: string, store: Store, options: SourceOptions): Promise<boolean> {
  let parsed = false;
  const patterns = options.ignorePatterns.map((pattern) => new RegExp(pattern));
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.') || IGNORED_FOLDERS.has(name)) continue;
    if (options.ignoreExtensions.some((extension) => name.endsWith(extension))) continue;
    if (patterns.some((pattern) => pattern.test(name))) continue;
    if (await readSource(join(folder, name), store, options)) parsed = true;
  }
  return parsed;
}

/** Reads a file by one plugin; false when it is none of its files. */
async function readWith(plugin: string, file: string, store: Store, options: SourceOptions): Promise<boolean> {
  switch (plugin.replace(/^ansible\.builtin\./, '')) {
    case 'script':
      if (!(await isExecutable(file))) return false;
      await readScript(file, store, options.warn);
      return true;
    case 'auto':
      return readConfigured(file, store, options);
    case 'yaml':
      if (extname(file) !== '' && !YAML_EXTENSIONS.has(extname(file))) return false;
      readYamlInventory(options.parseYaml(await readFile(file, 'utf8'), file), file, store, options.warn);
      return true;
    case 'ini':
      readIni(await readFile(file, 'utf8'), file, store);
      return true;
    case 'toml':
      if (extname(file) !== '.toml') return false;
      throw new InventoryError('TOML inventories are not supported yet: write it as YAML or ini.');
    default:
      return false;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    const head = (await readFile(file)).subarray(0, 2).toString('latin1');
    return head === '#!' || ((await stat(file)).mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** A YAML file that names its plugin. */
async function readConfigured(file: string, store: Store, options: SourceOptions): Promise<boolean> {
  if (!YAML_EXTENSIONS.has(extname(file)) || extname(file) === '.json') return false;
  const text = await readFile(file, 'utf8');
  if (!/^plugin\s*:/m.test(text)) return false;
  const { value: config } = options.parseYaml(text, file);
  const plugin = isDict(config) ? config.get('plugin') : undefined;
  if (!isDict(config) || plugin === undefined) return false;
  const name = String(plugin).replace(/^ansible\.builtin\./, '');
  const format = options.formats?.get(name);
  if (!format) throw new InventoryError(`inventory config '${file}' specifies unknown plugin '${String(plugin)}'`);
  await format(config, file, store);
  return true;
}
