// What of a user differs from what is asked for.

import type { JsonObject, Observed } from '../../../engine/module/contract.ts';
import { listOf, noteOf, textOf } from '../seen.ts';
import type { Wanted } from './edits.ts';
import type { UserArgs } from './schema.ts';

export function supplementary(args: UserArgs): string[] {
  return (args.groups ?? []).map((name) => name.trim()).filter((name) => name !== '');
}

/** A user that an unapplied task makes has no number yet: its home comes with it. */
export function isForeseen(now: JsonObject): boolean {
  return now['uid'] === undefined;
}

/** Days since the epoch, as /etc/shadow counts. */
export function daysOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds < 0 ? -1 : Math.floor(seconds / 86_400);
}

export function agesOf(args: UserArgs, note: JsonObject | undefined): string[] {
  const words: string[] = [];
  const set = (flag: string, value: number | undefined, field: string): void => {
    if (value !== undefined && (note === undefined || textOf(note, field) !== String(value)))
      words.push(flag, String(value));
  };
  set('-m', args.password_expire_min, 'min');
  set('-M', args.password_expire_max, 'max');
  set('-W', args.password_expire_warn, 'warn');
  return words;
}

/** What differs. Fields that the observed state lacks (a foreseen user) are taken to be as wanted. */
export function difference(
  args: UserArgs,
  seen: Observed,
  now: JsonObject,
  note: JsonObject,
): { wanted: Wanted; after: JsonObject } {
  const wanted: Record<string, unknown> = {};
  const after: Record<string, string | number | boolean | readonly string[]> = {};
  const set = (field: 'uid' | 'comment' | 'shell' | 'home', value: string | number | undefined): void => {
    if (value === undefined || now[field] === undefined || now[field] === value) return;
    wanted[field] = value;
    after[field] = value;
  };
  set('uid', args.uid);
  set('comment', args.comment);
  set('shell', args.shell);
  set('home', args.home);
  if (wanted['home'] !== undefined && args.move_home) wanted['move'] = true;
  if (args.group !== undefined && now['gid'] !== undefined) {
    const gid = noteOf(seen, `group:${args.group}`)['gid'];
    if (gid !== now['gid'] && textOf(now, 'group') !== args.group) {
      wanted['group'] = args.group;
      after['group'] = args.group;
    }
  }
  const groups = groupsToSet(args, now);
  if (groups !== undefined) {
    wanted['groups'] = groups;
    wanted['append'] = args.append;
    after['groups'] = args.append ? [...new Set([...listOf(now, 'groups'), ...groups])] : groups;
  }
  const known = 'hash' in note && !isForeseen(now);
  const expires = daysOf(args.expires);
  if (expires !== undefined && known && textOf(note, 'expires') !== (expires < 0 ? '' : String(expires))) {
    wanted['expires'] = expires;
    after['expires'] = expires;
  }
  const ages = known ? agesOf(args, note) : [];
  if (ages.length > 0) {
    wanted['ages'] = ages;
    after['ages'] = ages;
  }
  const inactive = args.password_expire_account_disable;
  if (inactive !== undefined && known && textOf(note, 'inactive') !== String(inactive)) {
    wanted['inactive'] = inactive;
    after['inactive'] = inactive;
  }
  const hash = textOf(note, 'hash');
  const newPassword =
    known &&
    args.password !== undefined &&
    args.update_password === 'always' &&
    args.password.replace(/^!/, '') !== hash.replace(/^!/, '');
  if (newPassword) {
    wanted['password'] = true;
    after['password'] = 'set';
  } else if (known && args.password_lock !== undefined && args.password_lock !== hash.startsWith('!')) {
    wanted['lock'] = args.password_lock;
    after['locked'] = args.password_lock;
  }
  return { wanted: wanted as Wanted, after };
}

export function hashToSet(args: UserArgs, note: JsonObject): string {
  const bare = args.password!.replace(/^!/, '');
  const locked = args.password_lock ?? (textOf(note, 'hash').startsWith('!') && args.password!.startsWith('!'));
  return locked ? `!${bare}` : args.password!;
}

function groupsToSet(args: UserArgs, now: JsonObject): readonly string[] | undefined {
  if (args.groups === undefined || now['groups'] === undefined) return undefined;
  const have = listOf(now, 'groups');
  const primary = textOf(now, 'group');
  const want = supplementary(args).filter((name) => name !== primary);
  if (args.append) return want.every((name) => have.includes(name)) ? undefined : supplementary(args);
  const same = want.length === have.length && want.every((name) => have.includes(name));
  return same ? undefined : supplementary(args);
}
