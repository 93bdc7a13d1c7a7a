// INI files as Python's configparser reads and writes them.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { repr, str } from './text.ts';

export interface IniOptions {
  /** Keys in lower case, as configparser has them by itself. */
  readonly lowerKeys?: boolean;
  /** Takes keys without a value, whose value is None then. */
  readonly allowNoValue?: boolean;
  /** What messages call the text, where it is a file. */
  readonly file?: string;
}

/** The sections of an INI text, each a dict of texts. Throws a ValueError fault. */
export function readIni(text: string, { lowerKeys = false, allowNoValue = false, file }: IniOptions = {}): Dict {
  const sections: Dict = new Map();
  const defaults: Dict = new Map();
  let options: Dict | undefined;
  let key: string | undefined;
  let keyIndent = 0;
  let current = '';
  const unread: string[] = [];
  const lines = text.split('\n');
  const reading = (index: number): string => `While reading from '<???>' [line ${String(index + 1).padStart(2)}]`;
  const whole = (line: string, index: number): string => repr(index < lines.length - 1 ? `${line}\n` : line);
  for (const [i, line] of lines.entries()) {
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
      if (sections.has(section)) throw new Fault('ValueError', `${reading(i)}: section '${section}' already exists`);
      current = section;
      options = section === 'DEFAULT' ? defaults : new Map();
      if (section !== 'DEFAULT') sections.set(section, options);
      key = undefined;
      keyIndent = indent;
      continue;
    }
    if (options === undefined)
      throw new Fault(
        'ValueError',
        `File contains no section headers.\nfile: '<???>', line: ${i + 1}\n${whole(line, i)}`,
      );
    const option = /^(.*?)\s*(?:([=:])\s*(.*))?$/.exec(bare)!;
    if ((option[2] === undefined && !allowNoValue) || option[1] === '') {
      unread.push(`\n\t[line ${String(i + 1).padStart(2)}]: ${whole(line, i)}`);
      continue;
    }
    key = lowerKeys ? option[1]!.trim().toLowerCase() : option[1]!.trim();
    if (options.has(key)) {
      const twice = file === undefined ? '' : `Duplicate option in '${file}': `;
      throw new Fault('ValueError', `${twice}${reading(i)}: option '${key}' in section '${current}' already exists`);
    }
    options.set(key, option[3] ?? null);
    keyIndent = indent;
  }
  if (unread.length > 0) throw new Fault('ValueError', `Source contains parsing errors: '<???>'${unread.join('')}`);
  for (const [name, own] of sections) sections.set(name, trimmed(new Map([...defaults, ...(own as Dict)])));
  if (defaults.size > 0) sections.set('DEFAULT', trimmed(defaults));
  return sections;
}

/** Options without the empty lines that ended them. */
function trimmed(options: Dict): Dict {
  return new Map([...options].map(([key, value]) => [key, value === null ? null : str(value).replace(/\n+$/, '')]));
}

/** A value and where it stands. */
export interface IniValue {
  readonly text: string;
  readonly section: string;
  readonly option: string;
}

/** A value with `%(name)s` filled in from its section. Throws a ValueError fault for what is missing or malformed. */
export function interpolate(value: IniValue, options: Dict, lowerKeys: boolean, depth = 0): string {
  const { text } = value;
  if (depth > 10) throw new Fault('ValueError', `Recursion limit exceeded in value substitution: ${text}`);
  return text.replace(
    /%(?:(%)|\(([^)]+)\)s|)/g,
    (_whole, percent: string | undefined, name: string | undefined, at) => {
      if (percent !== undefined) return '%';
      if (name === undefined)
        throw new Fault('ValueError', `'%' must be followed by '%' or '(', found: ${repr(text.slice(at))}`);
      const found = options.get(lowerKeys ? name.toLowerCase() : name);
      if (found === undefined)
        throw new Fault(
          'ValueError',
          `Bad value substitution: option '${value.option}' in section '${value.section}' contains an interpolation key '${name}' which is not a valid option name. Raw value: ${repr(text)}`,
        );
      return interpolate({ ...value, text: str(found ?? '') }, options, lowerKeys, depth + 1);
    },
  );
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
