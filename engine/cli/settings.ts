// Settings from ansible.cfg and the environment, laid over the defaults of the table. Options of a command are laid over
// these by the command itself.

import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import type { Json } from '../model/value.ts';
import { isColour } from '../report/paint.ts';
import type { Configured } from '../template/contract.ts';
import { type IniEntry, parseIni } from './ini.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValues } from './setting-table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedSettings {
  readonly values: SettingValues;
  /** The ansible.cfg in use. */
  readonly file: string | undefined;
  /** What stands in it, by section and key. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, IniEntry>>;
  /** Where each value that is not the default came from: `env: NAME` or the file. */
  readonly origins: ReadonlyMap<SettingName, string>;
  readonly warnings: readonly { readonly message: string; readonly position?: Position | undefined }[];
}

interface Source {
  readonly text: string;
  readonly origin: string;
  readonly position: Position | undefined;
  /** Folder that relative paths start from. */
  readonly base: string;
}

/** Reads all settings. Throws UsageError (5) for values that cannot be taken, PlaybookError (5) for a file that is no ini. */
export function loadSettings(environment: Environment, cwd: string): LoadedSettings {
  const warnings: LoadedSettings['warnings'][number][] = [];
  const file = findConfig(environment, cwd, (message) => void warnings.push({ message }));
  const sections =
    file === undefined ? new Map<string, ReadonlyMap<string, IniEntry>>() : parseIni(readFileSync(file, 'utf8'), file);
  const values: Record<string, unknown> = {};
  const origins = new Map<SettingName, string>();
  const home = homeOf(environment);
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const setting: Setting = SETTINGS[name];
    const source = find(setting, environment, cwd, sections, file);
    if (source === undefined) {
      values[name] = defaultOf(setting, home, cwd);
      continue;
    }
    const warn = (message: string): void => void warnings.push({ message, position: source.position });
    values[name] = convert(setting, source, home, warn);
    origins.set(name, source.origin);
    if (setting.effect === 'later' && !same(values[name], defaultOf(setting, home, cwd)))
      warn(`The setting ${setting.id} (${source.origin}) is not supported yet and has no effect.`);
  }
  return { values: values as SettingValues, file, sections, origins, warnings };
}

function homeOf(environment: Environment): string {
  return environment['HOME'] ?? '/';
}

/** ANSIBLE_CONFIG, ./ansible.cfg (not in a world-writable folder), ~/.ansible.cfg, /etc/ansible/ansible.cfg. */
function findConfig(environment: Environment, cwd: string, warn: (message: string) => void): string | undefined {
  const named = environment['ANSIBLE_CONFIG'];
  const candidates: string[] = [];
  if (named !== undefined && named !== '') {
    const path = expand(named, homeOf(environment), cwd);
    candidates.push(isFolder(path) ? join(path, 'ansible.cfg') : path);
  }
  const here = join(cwd, 'ansible.cfg');
  if (isWorldWritable(cwd)) {
    if (readable(here) && !candidates.includes(here))
      warn(`${cwd} is writable by everybody: the ansible.cfg in it is not used.`);
  } else candidates.push(here);
  candidates.push(join(homeOf(environment), '.ansible.cfg'), '/etc/ansible/ansible.cfg');
  return candidates.find(readable);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isWorldWritable(folder: string): boolean {
  return ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0;
}

function readable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return !isFolder(file);
  } catch {
    return false;
  }
}

function find(
  setting: Setting,
  environment: Environment,
  cwd: string,
  sections: ReadonlyMap<string, ReadonlyMap<string, IniEntry>>,
  file: string | undefined,
): Source | undefined {
  for (const name of setting.env) {
    const text = environment[name];
    // NO_COLOR set to nothing is not set, as its convention says.
    if (text !== undefined && !(name === 'NO_COLOR' && text === ''))
      return { text, origin: `env: ${name}`, position: undefined, base: cwd };
  }
  for (const [section, key] of setting.ini) {
    const entry = sections.get(section)?.get(key);
    if (entry !== undefined)
      return { text: unquote(entry.value), origin: file!, position: entry.position, base: dirname(file!) };
  }
  return undefined;
}

function unquote(text: string): string {
  return /^"(?:[^"\\]|\\.)*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}

function defaultOf(setting: Setting, home: string, cwd: string): unknown {
  const value = setting.default;
  if (value === null) return undefined;
  if (setting.type === 'path') return expand(value as string, home, cwd);
  if (setting.type === 'paths' || setting.type === 'sources')
    return (value as readonly string[]).map((path) => expand(path, home, cwd));
  return value;
}

function convert(setting: Setting, source: Source, home: string, warn: (message: string) => void): unknown {
  const { text, base } = source;
  const refuse = (why: string): never => {
    throw new UsageError(`The setting ${setting.id} from ${source.origin} has an invalid value: ${why}.`, {
      position: source.position,
      hint: setting.choices === undefined ? setting.doc : `Valid values are: ${setting.choices.join(', ')}.`,
    });
  };
  if (setting.id.startsWith('COLOR_') && !isColour(text)) refuse(`there is no colour '${text}'`);
  if (setting.choices !== undefined && !setting.choices.includes(text)) refuse(`'${text}'`);
  const optional = setting.default === null && (text === '' || text === 'None');
  if (optional) return undefined;
  switch (setting.type) {
    case 'bool':
      return toBool(text, () =>
        warn(`The setting ${setting.id} (${source.origin}) is no bool, '${text}' counts as false.`),
      );
    case 'int':
      return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : refuse(`'${text}' is no whole number`);
    case 'float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse(`'${text}' is no number`);
    case 'str':
      return text;
    case 'path':
      return expand(text, home, base);
    case 'paths':
      return split(text, ':').map((path) => expand(path, home, base));
    case 'sources':
      return split(text, ',').map((path) => expand(path, home, base));
    case 'list':
      return split(text, ',');
  }
}

function split(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f', '']);

function toBool(text: string, doubt: () => void): boolean {
  const word = text.trim().toLowerCase();
  if (!TRUE.has(word) && !FALSE.has(word)) doubt();
  return TRUE.has(word);
}

/** `~`, `$NAME`, `{{CWD}}` and relative paths made absolute. */
export function expand(text: string, home: string, base: string): string {
  const path = text
    .replace(/\{\{\s*CWD\s*\}\}/g, process.cwd())
    .replace(/\{\{\s*ANSIBLE_HOME\s*\}\}/g, join(home, '.ansible'))
    .replace(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (whole, name: string) => process.env[name] ?? whole)
    .replace(/^~(?=\/|$)/, home);
  return isAbsolute(path) ? resolve(path) : resolve(base, path);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A setting by its id (DEFAULT_FORKS), as the lookup `config` asks for it; undefined when there is none. */
export function configured(loaded: LoadedSettings, id: string): Configured | undefined {
  if (id === 'CONFIG_FILE') return { value: loaded.file ?? null, origin: '' };
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    if (setting.id !== id) continue;
    return { value: (loaded.values[name] ?? null) as Json, origin: loaded.origins.get(name) ?? 'default' };
  }
  return undefined;
}

/** What ansible.cfg has in a section under a key, as text: options of plugins are read by their owners. */
export function storedOption(loaded: LoadedSettings, section: string, key: string): Configured | undefined {
  const entry = loaded.sections.get(section)?.get(key);
  return entry === undefined ? undefined : { value: unquote(entry.value), origin: loaded.file! };
}
