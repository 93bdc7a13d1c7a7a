// known_hosts files: which keys a host may show. Names may be hashed, patterns, or `[name]:port`.

import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { matchesList } from './sshconfig.ts';

export interface KnownKey {
  readonly type: string;
  /** base64 */
  readonly key: string;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Filed under the bare name although another port is asked for: it may vouch for a key, but not speak against one. */
  readonly otherPort: boolean;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly where: KnownKey }
  | { readonly kind: 'revoked'; readonly where: KnownKey };

/** The name under which a host's keys are filed. */
export function filedName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/**
 * All keys on file for a host; files that cannot be read are empty. As with ssh, a host on another port that has no key of
 * its own on file may show the one that is filed under its bare name.
 */
export function knownKeys(files: readonly string[], host: string, port: number): KnownKey[] {
  const own = keysUnder(files, filedName(host.toLowerCase(), port));
  if (port === 22 || own.some((entry) => entry.marker === undefined)) return own;
  return [...own, ...keysUnder(files, host.toLowerCase()).map((entry) => ({ ...entry, otherPort: true }))];
}

function keysUnder(files: readonly string[], name: string): KnownKey[] {
  const keys: KnownKey[] = [];
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    text.split('\n').forEach((line, index) => {
      const words = line.trim().split(/\s+/);
      const marker = words[0]?.startsWith('@') ? words.shift()!.slice(1) : undefined;
      const [names, type, key] = words;
      if (names === undefined || names.startsWith('#') || type === undefined || key === undefined) return;
      if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return;
      if (matches(names, name)) keys.push({ type, key, marker, file, line: index + 1, otherPort: false });
    });
  }
  return keys;
}

function matches(names: string, name: string): boolean {
  if (!names.startsWith('|1|')) return matchesList(name, names.toLowerCase().split(','));
  const [, , salt, hash] = names.split('|');
  if (salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** What is to be thought of the key that a host shows. */
export function judgeKey(known: readonly KnownKey[], shown: Uint8Array): Verdict {
  const key = Buffer.from(shown).toString('base64');
  const revoked = known.find((entry) => entry.marker === 'revoked' && entry.key === key);
  if (revoked !== undefined) return { kind: 'revoked', where: revoked };
  const plain = known.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key === key)) return { kind: 'known' };
  const other = plain.find((entry) => !entry.otherPort && entry.type === keyType(shown));
  return other === undefined ? { kind: 'unknown' } : { kind: 'changed', where: other };
}

/** The type that a public key in wire form names itself. */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  return bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0));
}

/** `SHA256:...`, as ssh shows it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

const ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const;

/** Host key algorithms in the order to offer: first those whose key is on file, so that the host shows that one. */
export function algorithmsFor(known: readonly KnownKey[]): (typeof ALGORITHMS)[number][] {
  const types = new Set(known.filter((entry) => entry.marker === undefined).map((entry) => entry.type));
  const onFile = (name: string): boolean => types.has(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name);
  return [...ALGORITHMS.filter(onFile), ...ALGORITHMS.filter((name) => !onFile(name))];
}

/** Files a key, as StrictHostKeyChecking=accept-new does. */
export function fileKey(file: string, host: string, port: number, key: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const line = `${filedName(host, port)} ${keyType(key)} ${Buffer.from(key).toString('base64')}\n`;
  appendFileSync(file, line, { mode: 0o600 });
}
