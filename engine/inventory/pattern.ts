// Host patterns in full: names, groups, wildcards, regular expressions, slices, unions, intersections and exclusions.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InventoryError } from '../model/errors.ts';
import { compile } from '../regex/pattern.ts';
import { LOCAL_NAMES, type Store } from './store.ts';

export interface PatternOptions {
  warn(message: string): void;
  /** What becomes of a name that matches nothing (setting host_pattern_mismatch). */
  readonly mismatch: 'warning' | 'error' | 'ignore';
}

/**
 * The hosts that a pattern names, in the order of its parts.
 * @throws InventoryError on a pattern that cannot be read
 */
export function matchHosts(pattern: string | readonly string[], store: Store, options: PatternOptions): string[] {
  const parts = splitPattern(pattern);
  const plain = parts.filter((part) => !/^[&!]/.test(part));
  const first = plain.length === 0 && parts.length > 0 ? ['all'] : plain;
  let hosts: string[] = [];
  const seen = new Set<string>();
  for (const part of first) {
    for (const host of matchOne(part, store, options)) {
      if (seen.has(host)) continue;
      seen.add(host);
      hosts.push(host);
    }
  }
  for (const part of parts.filter((one) => one.startsWith('&'))) {
    const kept = new Set(matchOne(part.slice(1), store, options));
    hosts = hosts.filter((host) => kept.has(host));
  }
  for (const part of parts.filter((one) => one.startsWith('!'))) {
    const dropped = new Set(matchOne(part.slice(1), store, options));
    hosts = hosts.filter((host) => !dropped.has(host));
  }
  return hosts;
}

/** The parts of a limit; `@file` stands for the lines of that file. Throws InventoryError. */
export function expandLimit(limit: string): string[] {
  return splitPattern(limit).flatMap((part) => {
    const file = /^([&!]?)@(.+)$/.exec(part);
    if (!file) return [part];
    const path = resolve(file[2]!);
    try {
      return readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => `${file[1]}${line}`);
    } catch (cause) {
      throw new InventoryError(`Unable to find limit file ${path}`, { cause });
    }
  });
}

/** The parts of a pattern: lists, and text with commas or colons between. */
export function splitPattern(pattern: string | readonly string[]): string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPattern);
  const text = pattern.trim();
  if (text.includes(',')) return cut(text, ',').flatMap((part) => (part === '' ? [] : splitPattern(part)));
  if (isAddress(text)) return [text];
  return cut(text, ':').filter((part) => part !== '');
}

/** Cuts at a separator that stands in no brackets. */
function cut(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const char of text) {
    if (char === '[') depth++;
    else if (char === ']') depth--;
    if (char === separator && depth <= 0) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  parts.push(part.trim());
  return parts;
}

function isAddress(text: string): boolean {
  return (
    /^[&!]?\[?[0-9a-fA-F:.]+(?:%\w+)?\]?$/.test(text) &&
    (text.match(/:/g)?.length ?? 0) >= 2 &&
    !/^[a-z]+:[a-z]+:/.test(text.replace(/[0-9a-f]/g, ''))
  );
}

function matchOne(pattern: string, store: Store, options: PatternOptions): string[] {
  const { name, slice } = splitSlice(pattern, options);
  const hosts = byName(name, store, options);
  return slice ? slice(hosts) : hosts;
}

type Slice = (hosts: readonly string[]) => string[];

/**
 * `web[0]`, `web[-1]`, `web[1:3]` (both ends count), `web[2:]`. A regular expression has none, and other brackets are
 * those of wildcards.
 */
function splitSlice(pattern: string, options: PatternOptions): { name: string; slice: Slice | undefined } {
  const found = /^([^~].*?)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/.exec(pattern);
  if (!found) return { name: pattern, slice: undefined };
  const [, name, index, from, separator, to] = found;
  if (index !== undefined)
    return {
      name: name!,
      slice: (hosts) => {
        const host = hosts.at(Number(index));
        if (host === undefined && hosts.length > 0)
          throw new InventoryError(`No hosts matched the subscripted pattern '${pattern}'`, {
            hint: `'${name}' has ${hosts.length} host${hosts.length === 1 ? '' : 's'}, counted from 0.`,
          });
        return host === undefined ? [] : [host];
      },
    };
  if (separator === '-') options.warn('Use [x:y] inclusive subscripts instead of [x-y] which has been removed');
  return { name: name!, slice: (hosts) => hosts.slice(Number(from), to ? Number(to) + 1 : undefined) };
}

function byName(name: string, store: Store, options: PatternOptions): string[] {
  const matches = matcher(name);
  const wild = matches !== undefined;
  const groups = wild ? [...store.groups.keys()].filter(matches) : store.groups.has(name) ? [name] : [];
  const found = new Set<string>();
  for (const group of groups) for (const host of store.hostsOf(group)) found.add(host);
  if (groups.length === 0 || wild) {
    if (wild) {
      for (const host of store.hosts.keys()) if (matches(host)) found.add(host);
    } else if (store.hosts.has(name)) found.add(name);
  }
  if (found.size === 0 && LOCAL_NAMES.includes(name)) found.add(store.localhost(name).name);
  if (found.size === 0 && groups.length === 0 && name !== 'all') mismatch(name, options);
  return [...found];
}

function mismatch(name: string, options: PatternOptions): void {
  const message = `Could not match supplied host pattern, ignoring: ${name}`;
  if (options.mismatch === 'error') throw new InventoryError(message);
  if (options.mismatch === 'warning') options.warn(message);
}

/** A test for names where the pattern is a wildcard or regular expression. */
function matcher(pattern: string): ((name: string) => boolean) | undefined {
  if (pattern.startsWith('~')) return regular(pattern.slice(1));
  if (!/[*?[]/.test(pattern)) return undefined;
  const expression = wildcard(pattern);
  return (name) => expression.test(name);
}

function regular(source: string): (name: string) => boolean {
  try {
    const expression = compile(source);
    return (name) => expression.match(name) !== undefined;
  } catch (cause) {
    throw new InventoryError(`Invalid host list pattern: ~${source}`, { cause });
  }
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(
    /\[(!?)([^\]]+)\]|[\s\S]/g,
    (char, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not ? '^' : ''}${set.replaceAll('\\', '\\\\')}]`;
      if (char === '*') return '.*';
      if (char === '?') return '.';
      return char.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    },
  );
  return new RegExp(`^${source}$`, 's');
}
