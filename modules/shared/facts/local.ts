// Facts that the host tells of itself: files and scripts in facts.d.

import type { Json } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { readJson } from '../json.ts';
import { section } from '../sections.ts';
import type { FactGroup } from './group.ts';

export const local: FactGroup = {
  name: 'local',
  family: 'min',
  aliases: [],
  script: ({ factPath }) =>
    lines(
      section('local'),
      sh`echo ${factPath}`,
      sh`cd ${factPath} 2>/dev/null && for file in *.fact; do [ -e "$file" ] || continue
  told=; printf '\036fact %s\n' "$file"; if [ -x "$file" ] && [ ! -d "$file" ]; then { told=$("./$file" 3>&1 >&4 2>&3 </dev/null); } 4>&1; rc=$?; else cat "$file" 2>/dev/null; rc=$?; fi; printf '\036fact-rc %s\n%s\n' "$file" "$rc"; printf '\036fact-err %s\n%s' "$file" "$told"
done; cd - >/dev/null 2>&1`,
    ),
  read(sections) {
    const folder = sections.word('local');
    const found: Record<string, Json> = {};
    for (const name of sections.names().filter((one) => one.startsWith('fact '))) {
      const file = name.slice('fact '.length);
      const rc = sections.word(`fact-rc ${file}`);
      const path = `${folder}/${file}`;
      found[file.replace(/\.fact$/, '')] =
        rc === '0'
          ? factOf(sections.text(name), path)
          : `Failure executing fact script (${path}), rc: ${rc}, err: ${sections.text(`fact-err ${file}`)}`;
    }
    return { local: found };
  },
};

/** A .fact file's content: JSON, else INI. */
function factOf(text: string, path: string): Json {
  const json = readJson(text);
  if (json !== undefined) return json;
  const tables: Record<string, Record<string, string>> = {};
  let table: Record<string, string> | undefined;
  for (const line of text.split('\n')) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const head = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    const entry = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (head !== undefined) {
      tables[head] = table = {};
    } else if (table !== undefined && entry !== null) table[entry[1]!.toLowerCase()] = entry[2]!;
    else return `error loading facts as JSON or ini - please check content: ${path}`;
  }
  return tables;
}
