// What a package would bring, read from the .deb itself where it is at hand: files, folders, commands, units with the state
// that its maintainer script leaves them in, users and groups. Where it is not, what it may bring.

import type { Bring } from '../../../engine/model/resource.ts';
import type { JsonObject } from '../../../engine/model/value.ts';
import { accounts, madeByScript, overrides } from './maintainer.ts';

/** What was read of one .deb. */
export interface DebContents {
  /** Lines of `tar -tv`, when the whole list was read. */
  readonly listing: readonly string[];
  /** Paths of md5sums and conffiles, when only those were read. */
  readonly paths: readonly string[];
  /** Texts of the preinst and postinst scripts. */
  readonly postinst: string;
  /** Texts of sysusers.d files. */
  readonly sysusers: string;
  /** Texts of small files below /etc, by path. */
  readonly contents: ReadonlyMap<string, { readonly text: string; readonly sha1: string }>;
}

/** What is to be expected of a package of which nothing is known but its name. */
export const MAY_BRING: readonly Bring[] = [
  { of: 'unit:*', as: { active: 'active', enabled: 'enabled' }, sure: false },
  { of: 'user:*', as: { system: true }, sure: false },
  { of: 'group:*', as: { system: true }, sure: false },
  { of: 'file:*', as: { owner: 'root', group: 'root' }, sure: false },
  { of: 'command:*', as: {}, sure: false },
];

interface Entry {
  readonly path: string;
  readonly state: JsonObject;
  readonly target: string | undefined;
}

const COMMAND = /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/;
const UNIT = /^\/(?:usr\/)?lib\/systemd\/system\/([^/]+\.(?:service|socket|timer|path|mount|target))$/;

/** Everything that the package brings. `starts`: does the system start services when they are installed? */
export function bringsOf(deb: DebContents, starts: boolean): Bring[] {
  const entries = deb.listing.length > 0 ? listed(deb) : guessed(deb.paths);
  const brings: Bring[] = entries.map((entry) => ({ of: `file:${entry.path}`, as: entry.state, sure: true }));
  for (const entry of entries) {
    const command = COMMAND.exec(entry.path)?.[1];
    if (command !== undefined && entry.state['type'] !== 'directory')
      brings.push({ of: `command:${command}`, as: { path: entry.path }, sure: true });
  }
  brings.push(...units(entries, deb.postinst, starts));
  brings.push(...accounts(deb.postinst, deb.sysusers));
  const unlisted = deb.listing.length === 0;
  if (unlisted && entries.some((entry) => UNIT.test(entry.path)))
    brings.push({ of: 'unit:*', as: { active: 'active', enabled: 'enabled' }, sure: false });
  if (deb.postinst.includes('update-alternatives') || (unlisted && entries.some((entry) => COMMAND.test(entry.path))))
    brings.push({ of: 'command:*', as: {}, sure: false });
  brings.push(...madeByScript(deb.postinst, new Set(entries.map((entry) => entry.path))));
  return brings;
}

const TYPES: Readonly<Record<string, string>> = { '-': 'file', d: 'directory', l: 'link', h: 'file' };

function listed(deb: DebContents): Entry[] {
  const entries: Entry[] = [];
  const overridden = overrides(deb.postinst);
  for (const line of deb.listing) {
    const match = /^(\S)(\S{9})\S* (\S+?)\/(\S+)\s+(\d+) \S+ \S+ \.(\/.*?)(?: -> (.*)| link to .*)?$/.exec(line);
    if (match === null) continue;
    const path = match[6]!.replace(/(.)\/$/, '$1');
    if (path === '/') continue;
    const type = TYPES[match[1]!] ?? 'other';
    const content = deb.contents.get(path);
    entries.push({
      path,
      target: match[7],
      state: {
        type,
        mode: octal(match[2]!),
        owner: match[3]!,
        group: match[4]!,
        ...(match[3] === 'root' && !overridden.has(path) ? { uid: 0 } : {}),
        ...(match[4] === 'root' && !overridden.has(path) ? { gid: 0 } : {}),
        size: Number(match[5]),
        ...(type === 'link' && match[7] !== undefined ? { target: match[7] } : {}),
        ...(content === undefined ? {} : { content: content.text, sha1: content.sha1 }),
        ...overridden.get(path),
      },
    });
  }
  return entries;
}

/** Files named by md5sums are regular; owners and modes are the usual ones. */
function guessed(paths: readonly string[]): Entry[] {
  const entries = new Map<string, Entry>();
  const root = { owner: 'root', group: 'root', uid: 0, gid: 0 };
  for (const path of paths) {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      entries.set(folder, { path: folder, target: undefined, state: { type: 'directory', mode: '0755', ...root } });
    }
    const mode = /\/s?bin\/|\/init\.d\//.test(path) ? '0755' : '0644';
    entries.set(path, { path, target: undefined, state: { type: 'file', mode, ...root } });
  }
  return [...entries.values()];
}

function octal(letters: string): string {
  let mode = 0;
  for (let at = 0; at < 9; at++) if (!'-ST'.includes(letters[at]!)) mode |= 0o400 >> at;
  if ('sS'.includes(letters[2]!)) mode |= 0o4000;
  if ('sS'.includes(letters[5]!)) mode |= 0o2000;
  if ('tT'.includes(letters[8]!)) mode |= 0o1000;
  return mode.toString(8).padStart(4, '0');
}

function units(entries: readonly Entry[], postinst: string, starts: boolean): Bring[] {
  const states = new Map<string, JsonObject>();
  for (const entry of entries) {
    const unit = UNIT.exec(entry.path)?.[1];
    if (unit !== undefined && entry.target === undefined) states.set(unit, stateAfter(unit, postinst, starts));
  }
  for (const entry of entries) {
    const script = /^\/etc\/init\.d\/([^/]+)$/.exec(entry.path)?.[1];
    if (script !== undefined && !states.has(`${script}.service`))
      states.set(`${script}.service`, stateAfter(`${script}.service`, postinst, starts));
  }
  for (const entry of entries) {
    const alias = UNIT.exec(entry.path)?.[1];
    const target = entry.target?.split('/').at(-1);
    if (alias === undefined || target === undefined) continue;
    const state = states.get(target);
    states.set(alias, state ? { ...state, enabled: 'alias' } : { active: 'inactive', enabled: 'masked' });
  }
  return [...states].map(([unit, state]) => ({ of: `unit:${unit}` as const, as: state, sure: true }));
}

/** The state in which the maintainer script leaves a unit: enabled and started are calls in it. */
function stateAfter(unit: string, postinst: string, starts: boolean): JsonObject {
  const script = unit.replace(/\.service$/, '');
  const quoted = (name: string): string => `['"]?${name.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')}['"]?(?=[\\s;)]|$)`;
  const enabled =
    new RegExp(`deb-systemd-helper (?:.* )?enable ${quoted(unit)}`, 'm').test(postinst) ||
    new RegExp(`update-rc\\.d ${quoted(script)} defaults(?!-disabled)`, 'm').test(postinst);
  const started =
    new RegExp(`deb-systemd-invoke .*${quoted(unit)}`, 'm').test(postinst) ||
    new RegExp(`invoke-rc\\.d (?:--\\S+ )*${quoted(script)} (?:start|restart|\\$)`, 'm').test(postinst);
  return { active: started && starts ? 'active' : 'inactive', enabled: enabled ? 'enabled' : 'disabled' };
}
