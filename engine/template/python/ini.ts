// INI files as Python's configparser reads and writes them, keys in their own case, without interpolation.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { str } from './text.ts';

/** The sections of an INI text, each a dict of texts; null for a key without value. Throws a ValueError fault. */
export function readIni(text: string): Dict {
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
    if (option[2] === undefined || option[1] === '')
      throw new Fault('ValueError', `line ${i + 1}: Source contains parsing errors: ${bare}`);
    key = option[1]!.trim();
    if (options.has(key)) throw new Fault('ValueError', `line ${i + 1}: option '${key}' already exists`);
    options.set(key, option[3]!);
    keyIndent = indent;
  }
  for (const [name, own] of sections) sections.set(name, trimmed(new Map([...defaults, ...(own as Dict)])));
  if (defaults.size > 0) sections.set('DEFAULT', trimmed(defaults));
  return sections;
}

/** Options without the empty lines that ended them. */
function trimmed(options: Dict): Dict {
  return new Map([...options].map(([key, value]) => [key, str(value).replace(/\n+$/, '')]));
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
