// INI files as Python's configparser reads and writes them.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { str } from './text.ts';

export interface IniOptions {
  /** Keys in lower case, as configparser has them by itself. */
  readonly lowerKeys?: boolean;
  /** Takes keys without a value, whose value is None then. */
  readonly allowNoValue?: boolean;
}

/** The sections of an INI text, each a dict of texts. Throws a ValueError fault. */
export function readIni(text: string, { lowerKeys = false, allowNoValue = false }: IniOptions = {}): Dict {
  const sections: Dict = new Map();
  const defaults: Dict = new Map();
  let options: Dict | undefined;
  let key: string | undefined;
  let keyIndent = 0;
  for (const [i, line] of text.split('\n').entries()) {
    const bare = line.trim();
    if (bare.startsWith('#') || bare.startsWith(';')) continue;
    const indent = line.length - line.trimStart().length;
    if (bare === '') {
      if (options !== undefined && key !== undefined) append(options, key, '');
      continue;
    }
    if (options !== undefined && key !== undefined && indent > keyIndent) {
      append(options, key, bare);
      continue;
    }
    const section = /^\[(.+)\]/.exec(bare)?.[1];
    if (section !== undefined) {
      if (sections.has(section)) throw new Fault('ValueError', `line ${i + 1}: section '${section}' already exists`);
      options = section === 'DEFAULT' ? defaults : new Map();
      if (section !== 'DEFAULT') sections.set(section, options);
      key = undefined;
      keyIndent = indent;
      continue;
    }
    if (options === undefined)
      throw new Fault('ValueError', `line ${i + 1}: File contains no section headers: ${bare}`);
    const option = /^(.*?)\s*(?:([=:])\s*(.*))?$/.exec(bare)!;
    if ((option[2] === undefined && !allowNoValue) || option[1] === '')
      throw new Fault('ValueError', `line ${i + 1}: Source contains parsing errors: ${bare}`);
    key = lowerKeys ? option[1]!.trim().toLowerCase() : option[1]!.trim();
    if (options.has(key)) throw new Fault('ValueError', `line ${i + 1}: option '${key}' already exists`);
    options.set(key, option[3] ?? null);
    keyIndent = indent;
  }
  for (const [name, own] of sections) sections.set(name, trimmed(new Map([...defaults, ...(own as Dict)])));
  if (defaults.size > 0) sections.set('DEFAULT', trimmed(defaults));
  return sections;
}

/** Options without the empty lines that ended them. */
function trimmed(options: Dict): Dict {
  return new Map([...options].map(([key, value]) => [key, value === null ? null : str(value).replace(/\n+$/, '')]));
}

/** A value with `%(name)s` filled in from its section. Throws a ValueError fault for what is missing or malformed. */
export function interpolate(text: string, section: Dict, lowerKeys: boolean, depth = 0): string {
  if (depth > 10) throw new Fault('ValueError', `Recursion limit exceeded in value substitution: ${text}`);
  return text.replace(/%(?:(%)|\(([^)]+)\)s|)/g, (_whole, percent?: string, name?: string) => {
    if (percent !== undefined) return '%';
    if (name === undefined) throw new Fault('ValueError', `'%' must be followed by '%' or '(', found: ${text}`);
    const value = section.get(lowerKeys ? name.toLowerCase() : name);
    if (value === undefined)
      throw new Fault('ValueError', `Bad value substitution: the key '${name}' is not in the section: ${text}`);
    return interpolate(str(value ?? ''), section, lowerKeys, depth + 1);
  });
}

function append(options: Dict, key: string, line: string): void {
  options.set(key, `${str(options.get(key) ?? '')}\n${line}`);
}

/** Sections as an INI text, each followed by an empty line. */
export function writeIni(sections: ReadonlyMap<Value, Value>): string {
  let text = '';
  for (const [name, options] of sections) {
    text += `[${str(name)}]\n`;
    if (isDict(options))
      for (const [key, value] of options) text += `${str(key)} = ${str(value).replaceAll('\n', '\n\t')}\n`;
    text += '\n';
  }
  return text.replace(/\n$/, '');
}
