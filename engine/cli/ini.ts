// The ini dialect of ansible.cfg: `key = value` or `key: value`, indented lines go on, `#` and `;` at the start of a
// line and ` ;` within one begin a comment. Positions are kept for messages.

import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';

export interface IniEntry {
  readonly value: string;
  readonly position: Position;
}

/** Sections by name, keys in lower case. Throws PlaybookError (exit code 5) at the first line that is none of these. */
export function parseIni(text: string, file: string): ReadonlyMap<string, ReadonlyMap<string, IniEntry>> {
  const sections = new Map<string, Map<string, IniEntry>>();
  let section: Map<string, IniEntry> | undefined;
  let last: string | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/\s;.*$/, '');
    const position = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 };
    const fault = (what: string, hint: string): PlaybookError =>
      new PlaybookError(`Error reading config file (${file}): ${what}`, { position, exitCode: 5, hint });
    if (line.trim() === '' || /^\s*[#;]/.test(line)) return;
    if (/^\s/.test(line) && section !== undefined && last !== undefined) {
      const entry = section.get(last)!;
      section.set(last, { ...entry, value: `${entry.value}\n${line.trim()}`.trim() });
      return;
    }
    const heading = /^\[([^\]]+)\]\s*$/.exec(line);
    if (heading) {
      if (sections.has(heading[1]!)) throw fault(`section '${heading[1]}' already exists`, 'Join the two sections.');
      section = new Map();
      sections.set(heading[1]!, section);
      last = undefined;
      return;
    }
    const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (section === undefined) throw fault('there is no section header', 'Put `[defaults]` above the first setting.');
    if (pair === null) throw fault('this is no `key = value`', 'Write `key = value`, or begin the line with `#`.');
    last = pair[1]!.toLowerCase();
    if (section.has(last)) throw fault(`option '${last}' already exists in this section`, 'Remove one of the two.');
    section.set(last, { value: pair[2]!.trim(), position });
  });
  return sections;
}
