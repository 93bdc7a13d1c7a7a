// What a package's maintainer scripts make: users, groups, files. They are read, never run: variables that the script itself
// sets are followed, and what it computes otherwise is only possible.

import type { Bring } from '../../../engine/model/resource.ts';
import type { JsonObject } from '../../../engine/model/value.ts';

const SYSTEM: JsonObject = { system: true };
const ROOTS: JsonObject = { owner: 'root', group: 'root' };
/** Variables of variables of variables are followed no further. */
const DEPTH = 4;
/** What nobody knows of a word begins here. */
const OPEN = '\0';

/** Users and groups that the script or sysusers.d makes; names that it computes are only possible. */
export function accounts(script: string, sysusers: string): Bring[] {
  const users = new Map<string, JsonObject>();
  const groups = new Set<string>();
  const variables = variablesOf(script);
  let computed = false;
  for (const line of commands(script)) {
    const call = /(?:^|[\s;&|!])(adduser|useradd|addgroup|groupadd)\s+([^;&|>]*)/.exec(line);
    if (call === null) continue;
    const [, program = '', words = ''] = call;
    const names = variants(accountName(words) ?? OPEN, variables);
    if (names.some((name) => !NAME.test(name))) computed = true;
    for (const name of names.filter((one) => NAME.test(one))) {
      if (program === 'addgroup' || program === 'groupadd') groups.add(name);
      else {
        users.set(name, { system: words.includes('--system') || words.includes('-r'), ...homeOf(words) });
        if (words.includes('--group') || program === 'useradd') groups.add(name);
      }
    }
  }
  for (const line of sysusers.split('\n')) {
    const entry = /^([ug]!?)\s+(\S+)\s+\S+(?:\s+(?:"[^"]*"|\S+)(?:\s+(\S+))?)?/.exec(line);
    if (entry === null) continue;
    groups.add(entry[2]!);
    if (entry[1] !== 'g') users.set(entry[2]!, { ...SYSTEM, home: entry[3] && entry[3] !== '-' ? entry[3] : '/' });
  }
  return [
    ...[...users].map(([name, as]) => ({ of: `user:${name}` as const, as, sure: true })),
    ...[...groups].map((name) => ({ of: `group:${name}` as const, as: SYSTEM, sure: true })),
    ...(computed ? (['user:*', 'group:*'] as const).map((of) => ({ of, as: SYSTEM, sure: false })) : []),
  ];
}

/** Paths that the script names or computes may be made by it; where it runs text of elsewhere, any may. */
export function madeByScript(script: string, packaged: ReadonlySet<string>): Bring[] {
  const paths = namedPaths(script);
  const variables = variablesOf(script);
  for (const line of commands(script)) {
    for (const word of madeWords(line)) for (const path of variants(word, variables)) paths.add(path);
  }
  const isOpen = /^\s*(?:\.|source)\s+(?!\/usr\/share\/debconf\/)\S/m.test(script);
  const beneath = [...paths].map((path) => (path.includes(OPEN) ? `${path.slice(0, path.indexOf(OPEN))}*` : path));
  const told = isOpen || beneath.includes('*') ? ['*'] : beneath.filter((path) => path.startsWith('/'));
  return told.filter((path) => !packaged.has(path)).map((path) => ({ of: `file:${path}`, as: ROOTS, sure: false }));
}

function namedPaths(script: string): Set<string> {
  return new Set(script.match(/(?<=[\s"'=])\/(?:etc|var|srv|opt|usr|run|home)\/[\w./@+-]*\w/g) ?? []);
}

/** Owner, group and mode that the script gives to paths of its package (dpkg-statoverride). */
export function overrides(script: string): Map<string, JsonObject> {
  const variables = variablesOf(script);
  const found = new Map<string, JsonObject>();
  for (const line of commands(script)) {
    const call = /\bdpkg-statoverride\b.*--add\s+(\S+)\s+(\S+)\s+(\d+)\s+(\S+)/.exec(line);
    if (call === null) continue;
    const [owner, group, path] = [call[1]!, call[2]!, call[4]!].map(
      (word) => variants(unquoted(word), variables).at(-1)!,
    );
    if (path!.startsWith('/') && !`${owner}${group}${path}`.includes(OPEN))
      found.set(path!, { owner: owner!, group: group!, mode: call[3]!.padStart(4, '0') });
  }
  return found;
}

function unquoted(word: string): string {
  return word.replace(/^["']|["']$/g, '');
}

const NAME = /^[a-z_][a-z0-9_.-]*\$?$/i;

/** The script's lines, continued ones joined, comments left out. */
function commands(script: string): string[] {
  return script
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line));
}

/** Words with a variable in them that name what a command makes: all of mkdir's and touch's, the last of the others'. */
function madeWords(line: string): string[] {
  const call = /(?:^|[\s;&|])(mkdir|touch|install|cp|ucf)\s+([^;&|<>]*)/.exec(line);
  if (call === null) return [];
  const words = (call[2]!.match(/"[^"]*"|'[^']*'|[^\s`()"']+/g) ?? []).map(unquoted);
  const made = call[1] === 'mkdir' || call[1] === 'touch' ? words : words.slice(-1);
  return made.filter((word) => word.includes('$') && !word.startsWith('-'));
}

/**
 * All that the script assigns to each variable, loops included; what comes of a command is not known. An argument of a function
 * may be any path that the script names.
 */
function variablesOf(script: string): Map<string, string[]> {
  const paths = [...namedPaths(script)];
  const found = new Map(paths.length === 0 ? [] : ['1', '2', '3'].map((place) => [place, paths]));
  const add = (name: string, values: readonly string[]): void => {
    found.set(name, [...(found.get(name) ?? []), ...values]);
  };
  for (const line of commands(script)) {
    const loop = /(?:^|[\s;])for\s+(\w+)\s+in\s+([^;]*)/.exec(line);
    if (loop !== null && !/[`(]/.test(loop[2]!)) add(loop[1]!, loop[2]!.trim().split(/\s+/));
    for (const [, name, value] of line.matchAll(/(?:^|[\s;&|])(\w+)=("[^"]*"|'[^']*'|[^\s;&|]*)/g)) {
      const text = unquoted(value!);
      add(name!, [/`|\$\(/.test(text) ? OPEN : text]);
    }
  }
  return found;
}

/** A word with its variables filled in, in every way that the script may; it ends where it is open. */
function variants(word: string, variables: ReadonlyMap<string, readonly string[]>, depth = DEPTH): string[] {
  const match = /\$(?:\{(\w+)\}|([A-Za-z_]\w*|\d))|[$\0].*/s.exec(word);
  if (match === null) return [word];
  const [head, tail] = [word.slice(0, match.index), word.slice(match.index + match[0].length)];
  const values = depth === 0 ? undefined : variables.get(match[1] ?? match[2] ?? '');
  if (values === undefined) return [`${head}${OPEN}`];
  return values.flatMap((value) => variants(`${head}${value}${tail}`, variables, depth - 1));
}

const WITH_VALUE = /^(--(?:home|shell|gecos|comment|uid|gid|ingroup|base-dir|home-dir)|-[gGudscbk])$/;

/** The first word of the call that is no option. */
function accountName(text: string): string | undefined {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const plain = words.filter((word, at) => !word.startsWith('-') && !WITH_VALUE.test(words[at - 1] ?? ''));
  return plain[0] === undefined ? undefined : unquoted(plain[0]);
}

function homeOf(text: string): JsonObject {
  const home = /--home(?:-dir)?[ =]["']?([^\s"']+)/.exec(text)?.[1];
  return home === undefined || home.includes('$') ? {} : { home };
}
