// What a transport has to give: a way to start a program on the host with three streams of its own. Sessions, become and
// the pool are built on nothing else.

import type { Duplex, Readable, Writable } from 'node:stream';
import type { ConnectionError } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';

/** A program that was started on the host. */
export interface Shell {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it is over, with the reason as those who wait for its answer are to see it; never rejects. */
  readonly ended: Promise<ConnectionError>;
  close(): void;
}

export interface OpenOptions {
  /** With a terminal (raw, stderr joins stdout): only where privilege escalation insists on one. */
  readonly terminal?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Shells that an ssh connection carries. sshd allows ten sessions on one (MaxSessions); where it allows fewer, it says so when
 * one more is asked for. Each further connection is a login that others have to wait for.
 */
export const SHELLS_A_LOGIN = 8;

/** A way to a host that is up: one ssh connection, or nothing at all for `local`. */
export interface Link {
  /** How many shells it carries at once. */
  readonly capacity: number;
  /** Set once it is gone. */
  readonly lost: ConnectionError | undefined;
  /** Starts a program. Throws ConnectionError; `Crowded` when the host refuses one more on this link. */
  open(argv: readonly string[], options?: OpenOptions): Promise<Shell>;
  forward(host: string, port: number): Promise<Duplex>;
  close(): void;
}

export interface Transport {
  /** Throws ConnectionError. */
  dial(spec: ConnectionSpec, signal?: AbortSignal): Promise<Link>;
}

/** The host takes no more channels on this link (MaxSessions): another link may do. */
export class Crowded extends Error {}

/** A word quoted for any login shell: POSIX ones, fish and csh. */
export function quoteAnywhere(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) && !word.startsWith('=')) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** A command line for a login shell that replaces it by the program. */
export function loginLine(argv: readonly string[]): string {
  return `exec ${argv.map(quoteAnywhere).join(' ')}`;
}
