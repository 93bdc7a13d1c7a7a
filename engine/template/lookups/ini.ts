// Reading ini and Java properties files for the lookup `ini`, as Python's configparser reads them.

/** Sections with their keys; for properties there is one, `java_properties`. Keys are lower case unless `caseSensitive`. */
export function readIni(text: string, properties: boolean, caseSensitive: boolean): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = properties ? 'java_properties' : '';
  if (properties) sections.set(section, new Map());
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header !== null && !properties) {
      section = header[1]!;
      if (!sections.has(section)) sections.set(section, new Map());
      last = undefined;
      continue;
    }
    const keys = sections.get(section);
    if (keys === undefined) continue;
    if (/^\s/.test(line) && last !== undefined) {
      keys.set(last, `${keys.get(last)}\n${line.trim()}`);
      continue;
    }
    const pair = /^(.*?)\s*[=:]\s*(.*)$/.exec(line.trim());
    const name = pair?.[1] ?? line.trim();
    last = caseSensitive ? name : name.toLowerCase();
    keys.set(last, pair?.[2] ?? '');
  }
  return sections;
}
