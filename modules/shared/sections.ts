// A script that asks several things answers in sections: a line with a record separator and a name opens each.

import type { ExecResult } from '../../engine/module/contract.ts';
import { type Script, sh } from '../../engine/module/sh.ts';

/** Script that opens the section `name`. */
export function section(name: string): Script {
  return sh`printf '\036%s\n' ${name}`;
}

/** What was printed, by section; a section that came more than once is joined. */
export function readSections(answer: ExecResult): Sections {
  const found = new Map<string, string>();
  for (const part of decode(answer.stdout).split('\x1e').slice(1)) {
    const end = part.indexOf('\n');
    const name = end < 0 ? part : part.slice(0, end);
    found.set(name, (found.get(name) ?? '') + (end < 0 ? '' : part.slice(end + 1)));
  }
  return new Sections(found);
}

/** Sections of an answer; one that is missing reads as empty. */
export class Sections {
  readonly #found: ReadonlyMap<string, string>;
  constructor(found: ReadonlyMap<string, string>) {
    this.#found = found;
  }
  has(name: string): boolean {
    return this.#found.has(name);
  }
  names(): readonly string[] {
    return [...this.#found.keys()];
  }
  /** As printed. */
  text(name: string): string {
    return this.#found.get(name) ?? '';
  }
  /** Without white space around. */
  word(name: string): string {
    return this.text(name).trim();
  }
  /** Lines that are not empty. */
  lines(name: string): string[] {
    return this.text(name)
      .split('\n')
      .filter((line) => line !== '');
  }
}

/** Bytes of a host's answer as text; what is no UTF-8 becomes U+FFFD. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
