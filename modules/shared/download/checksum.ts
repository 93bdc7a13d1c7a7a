// The checksum of a download as get_url takes it: an algorithm and a digest, or the address of a file of digests.

import { createHash, getHashes } from 'node:crypto';
import { ModuleFailure } from '../../../engine/module/contract.ts';
import { type Script, sh } from '../../../engine/module/sh.ts';

export interface Wanted {
  readonly algorithm: string;
  /** Hex, lower case; undefined while it has to be fetched from `url`. */
  readonly digest: string | undefined;
  readonly url: string | undefined;
}

/** Reads the argument; undefined when there is none. Throws ModuleFailure in Ansible's words. */
export function wantedChecksum(argument: string): Wanted | undefined {
  if (argument === '') return undefined;
  const at = argument.indexOf(':');
  const [algorithm, rest] = [argument.slice(0, Math.max(0, at)).toLowerCase(), argument.slice(at + 1)];
  if (at < 0) throw new ModuleFailure('The checksum parameter has to be in format <algorithm>:<checksum>');
  if (!getHashes().includes(algorithm)) throw new ModuleFailure(`Could not hash file with algorithm '${algorithm}'`);
  if (/^\w+:\/\//.test(rest)) return { algorithm, digest: undefined, url: rest };
  const digest = rest.replace(/\W+/g, '').toLowerCase();
  if (!/^[0-9a-f]+$/.test(digest)) throw new ModuleFailure('The checksum format is invalid');
  return { algorithm, digest, url: undefined };
}

/** The digest of a file in a list of digests, by the file's name; a list with a single bare digest is that one. */
export function digestIn(list: string, name: string, url: string): string {
  const lines = list.split(/\r?\n/).filter((line) => line.trim() !== '');
  const bare = lines.length === 1 && /^\s*[0-9A-Fa-f]+\s*$/.test(lines[0]!) ? lines[0]!.trim() : undefined;
  const found =
    bare ??
    lines.map((line) => /^\s*(\S+)\s+[*]?(?:\.\/)?(.+?)\s*$/.exec(line)).find((match) => match?.[2] === name)?.[1];
  if (found !== undefined && /^[0-9a-f]+$/i.test(found)) return found.toLowerCase();
  throw new ModuleFailure(`Unable to find a checksum for file '${name}' in '${url}'`);
}

export function digestOf(bytes: Uint8Array, algorithm: string): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** Prints the digest of `$f`, or nothing where the host has no program for it. */
export function digestScript(algorithm: string): Script {
  return sh`if [ -f "$f" ]; then { ${`${algorithm}sum`} <"$f" || openssl dgst ${`-${algorithm}`} -r <"$f"; } 2>/dev/null | { read -r sum rest; printf %s "$sum"; }; fi`;
}
