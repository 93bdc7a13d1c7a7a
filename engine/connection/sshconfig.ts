// ssh_config files: which keywords hold for a host. What needs a process or a second pass to be known (Match exec, final,
// canonical) is not guessed: the answer says that only the system's `ssh` can tell.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type fastGlob from 'fast-glob';
import { keywordAndValue } from './sshargs.ts';
import { shellWords } from './words.ts';

export interface HostConfig {
  /** Keyword in lower case to its values in the order of the files; for most keywords the first counts. */
  readonly options: Map<string, string[]>;
  /** Criteria that were met on the way and can be judged by the system's `ssh` only. */
  readonly undecided: string[];
}

export interface Asked {
  /** The name as given, before HostName. */
  readonly host: string;
  readonly user: string | undefined;
  readonly localUser: string;
  readonly home: string;
}

/** Reads the files in order; those that do not exist are empty. Throws on a file that includes itself without end. */
export function readConfig(files: readonly string[], asked: Asked, into?: HostConfig): HostConfig {
  const config = into ?? { options: new Map(), undecided: [] };
  for (const file of files) readFile(file, asked, config, 0);
  return config;
}

function readFile(file: string, asked: Asked, config: HostConfig, depth: number): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return;
  }
  if (depth > 16) throw new Error(`${file}: too many levels of Include`);
  let applies = true;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [keyword, value] = keywordAndValue(trimmed);
    if (keyword === 'host') applies = matchesList(asked.host, shellWords(value));
    else if (keyword === 'match') applies = judge(shellWords(value), asked, config);
    else if (!applies) continue;
    else if (keyword === 'include') {
      for (const name of shellWords(value)) {
        for (const found of included(name, file, asked)) readFile(found, asked, config, depth + 1);
      }
    } else {
      const values = config.options.get(keyword);
      if (values === undefined) config.options.set(keyword, [value]);
      else values.push(value);
    }
  }
}

function included(name: string, from: string, asked: Asked): string[] {
  const plain = name.startsWith('~/') ? join(asked.home, name.slice(2)) : name;
  const folder = from.startsWith('/etc/') ? '/etc/ssh' : join(asked.home, '.ssh');
  const path = plain.startsWith('/') ? plain : join(folder, plain);
  if (!/[*?[{]/.test(path)) return [path];
  // Loaded with the first pattern: most configurations include none.
  const { sync } = createRequire(import.meta.url)('fast-glob') as typeof fastGlob;
  return sync(path, { dot: false, absolute: true, cwd: dirname(from) }).sort();
}

function judge(words: readonly string[], asked: Asked, config: HostConfig): boolean {
  let result = true;
  for (let at = 0; at < words.length; at++) {
    const [word, attached] = words[at]!.split('=', 2) as [string, string?];
    const negated = word.startsWith('!');
    const criterion = (negated ? word.slice(1) : word).toLowerCase();
    if (criterion === 'all') {
      result &&= !negated;
      continue;
    }
    if (criterion === 'canonical' || criterion === 'final') {
      config.undecided.push(`Match ${criterion}`);
      result = false;
      continue;
    }
    const argument = attached ?? words[++at] ?? '';
    const patterns = argument.split(',');
    let holds = false;
    if (criterion === 'host') holds = matchesList(config.options.get('hostname')?.[0] ?? asked.host, patterns);
    else if (criterion === 'originalhost') holds = matchesList(asked.host, patterns);
    else if (criterion === 'user')
      holds = matchesList(asked.user ?? config.options.get('user')?.[0] ?? asked.localUser, patterns);
    else if (criterion === 'localuser') holds = matchesList(asked.localUser, patterns);
    else if (result) config.undecided.push(`Match ${criterion}`);
    result &&= holds !== negated;
  }
  return result;
}

/** A list of patterns with `*`, `?` and `!`: one must match and no negated one may. */
export function matchesList(name: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!wildcard(negated ? pattern.slice(1) : pattern).test(name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i');
}
