// Permissions in every notation that playbooks use: 0644, "0644", "644", u=rw,g-w,o+X; as Ansible reads them.

import type { Json } from '../../engine/model/value.ts';
import { ModuleFailure } from '../../engine/module/contract.ts';
import { toText } from '../../engine/module/schema.ts';

/** What a symbolic mode starts from. */
export interface ModeBase {
  /** The low twelve bits. */
  readonly bits: number;
  readonly directory: boolean;
}

const OCTAL = /^(?:0o)?[0-7]+$/;
const READ = 4;
const WRITE = 2;
const EXECUTE = 1;
const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/**
 * The twelve bits that `mode` asks for. Throws ModuleFailure on text that is no mode.
 * `umask` counts for clauses that name nobody (`+x`).
 */
export function modeBits(mode: Json, base: ModeBase, umask = 0o022): number {
  if (typeof mode === 'number') return mode & 0o7777;
  if (typeof mode !== 'string') throw badMode(toText(mode));
  const text = mode.trim();
  if (OCTAL.test(text)) return Number.parseInt(text.replace(/^0o/, ''), 8) & 0o7777;
  if (text === '') return base.bits;
  return text.split(',').reduce((bits, clause) => applyClause(bits, clause, text, base, umask), base.bits);
}

/** `0644`: octal text with a leading 0, as results show modes. */
export function modeText(bits: number): string {
  return `0${(bits & 0o7777).toString(8).padStart(3, '0')}`;
}

/** Bits of the octal text of a file's state. */
export function bitsOf(mode: string): number {
  return Number.parseInt(mode, 8) & 0o7777;
}

function applyClause(bits: number, clause: string, whole: string, base: ModeBase, umask: number): number {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause);
  if (match === null) throw badMode(whole);
  const named = match[1]!;
  const users = named === '' || named.includes('a') ? 'ugo' : named;
  let result = bits;
  for (const [, operator, permissions] of match[2]!.matchAll(/([-+=])([^-+=]*)/g))
    for (const user of users)
      result = applyOne(result, user, operator!, permissions!, named === '' ? umask : 0, bits, base);
  return result;
}

function applyOne(
  bits: number,
  user: string,
  operator: string,
  permissions: string,
  umask: number,
  earlier: number,
  base: ModeBase,
): number {
  const shift = SHIFT[user]!;
  let mask = 0;
  for (const permission of permissions) {
    if (permission === 'r') mask |= READ << shift;
    else if (permission === 'w') mask |= WRITE << shift;
    else if (permission === 'x') mask |= EXECUTE << shift;
    else if (permission === 'X') mask |= base.directory || (base.bits & 0o111) !== 0 ? EXECUTE << shift : 0;
    else if (permission === 's') mask |= user === 'u' ? 0o4000 : user === 'g' ? 0o2000 : 0;
    else if (permission === 't') mask |= user === 'o' ? 0o1000 : 0;
    else mask |= ((earlier >> SHIFT[permission]!) & 7) << shift;
  }
  mask &= ~umask;
  if (operator === '+') return bits | mask;
  if (operator === '-') return bits & ~mask;
  const own = (7 << shift) | (user === 'u' ? 0o4000 : user === 'g' ? 0o2000 : 0o1000);
  return (bits & ~own) | mask;
}

function badMode(text: string): ModuleFailure {
  return new ModuleFailure('mode must be in octal or symbolic form', {
    details: `bad symbolic permission for mode: ${text}`,
  });
}
