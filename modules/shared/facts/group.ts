// A group of facts: what to ask the host, and how its answer reads. Groups are the units that gather_subset chooses.

import type { JsonObject } from '../../../engine/module/contract.ts';
import type { Script } from '../../../engine/module/sh.ts';
import type { Sections } from '../sections.ts';

export interface FactGroup {
  readonly name: string;
  /** `min` is gathered unless `!min`; the others belong to all. */
  readonly family: 'min' | 'hardware' | 'network' | 'virtual' | 'other';
  /** Further names by which gather_subset may ask for it. */
  readonly aliases: readonly string[];
  /** Opens its own sections. */
  script(options: FactOptions): Script;
  /** Facts without the prefix `ansible_`. */
  read(sections: Sections): JsonObject;
}

/** A group that is gathered unless `!min`, and that no option concerns. */
export function minimal(
  name: string,
  aliases: readonly string[],
  script: Script,
  read: (sections: Sections) => JsonObject,
): FactGroup {
  return { name, family: 'min', aliases, script: () => script, read };
}

export interface FactOptions {
  readonly factPath: string;
  /** Seconds. */
  readonly timeout: number;
}

/** `KEY=value` lines, values perhaps in quotes, as os-release has them. */
export function readAssignments(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match === null) continue;
    found[match[1]!] = match[2]!.trim().replace(/^(["'])(.*)\1$/, '$2');
  }
  return found;
}

/** Kibibytes as the binary megabytes in which Ansible counts. */
export function megabytes(kilobytes: number): number {
  return Math.floor(kilobytes / 1024);
}

/** 536870912 sectors as `256.00 GB`. */
export function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  let at = 0;
  let size = bytes;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at++;
  }
  return `${size.toFixed(2)} ${units[at]}`;
}
