// A template case: what is rendered with which variables, and what the reference answered in its two eras.

import { readFileSync } from 'node:fs';
import { type Dict, isDict, keyText, trusted, type Value } from '../../../engine/model/value.ts';
import { loadJson } from '../../../engine/template/python/jsonread.ts';

export interface Case {
  readonly id: string;
  readonly area: string;
  readonly template: string;
  readonly vars: Dict;
  /** A template file, a condition, or (absent) an argument. */
  readonly mode: 'when' | 'file' | undefined;
  /** Files beside it, by relative name. */
  readonly files: ReadonlyMap<string, string>;
  /** jinja2_extensions. */
  readonly extensions: readonly string[];
  /** Every key of the case as read: answers are looked up here. */
  readonly answers: Dict;
}

/** Cases of a file in the form of the recorded ones. Throws when it is no list of cases. */
export function readCases(file: string): Case[] {
  const document = loadJson(readFileSync(file, 'utf8'));
  const list = isDict(document) ? document.get('cases') : document;
  if (!Array.isArray(list)) throw new Error(`${file}: a list of cases is expected`);
  return list.map((entry, index) => {
    if (!isDict(entry)) throw new Error(`${file}: case ${index} is no mapping`);
    const text = (key: string): string | undefined =>
      typeof entry.get(key) === 'string' ? (entry.get(key) as string) : undefined;
    const mode = text('mode');
    return {
      id: text('id') ?? `${index}`,
      area: text('area') ?? 'other',
      template: text('template') ?? '',
      vars: trustedVars(entry.get('vars') ?? null),
      mode: mode === 'when' || mode === 'file' ? mode : undefined,
      files: filesOf(entry.get('files') ?? null),
      extensions: Array.isArray(entry.get('extensions')) ? (entry.get('extensions') as Value[]).map(String) : [],
      answers: entry,
    };
  });
}

function filesOf(value: Value): Map<string, string> {
  const files = new Map<string, string>();
  if (isDict(value)) for (const [name, content] of value) files.set(keyText(name), String(content));
  return files;
}

function trustedVars(value: Value): Dict {
  const vars = trust(value);
  return isDict(vars) ? vars : new Map();
}

/** Variables come from a vars file: their text may be a template. */
function trust(value: Value): Value {
  if (typeof value === 'string') return trusted(value);
  if (Array.isArray(value)) return value.map(trust);
  if (isDict(value) && value.has('__ansible_unsafe')) return value.get('__ansible_unsafe')!;
  if (isDict(value)) return new Map([...value].map(([key, item]) => [key, trust(item)]));
  return value;
}
