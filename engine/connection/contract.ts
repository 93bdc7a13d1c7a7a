// What a connection is to the rest of the engine: something that runs scripts and carries bytes. It throws
// ConnectionError and nothing else (but ModuleFailure for a file that cannot be written or read); a non-zero rc is an answer.

import type { Duplex } from 'node:stream';
import type { ExecResult, Library, Source } from '../module/contract.ts';

export type { ExecResult, Library, Source } from '../module/contract.ts';

/** Everything that makes one session different from another: the key of the pool. */
export interface ConnectionSpec {
  /** Name in the registry: local, ssh, openssh, chroot ... (`smart` and `ssh` choose between ssh2 and the system ssh). */
  readonly transport: string;
  /** Inventory name, for messages. */
  readonly host: string;
  /** ansible_host, else the inventory name. */
  readonly address: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly privateKeyFile: string | undefined;
  readonly privateKeyPassphrase: string | undefined;
  /** ssh_args, ssh_common_args and ssh_extra_args, joined and split into words. */
  readonly sshArgs: readonly string[];
  readonly hostKeyChecking: boolean;
  /** Seconds to connect. */
  readonly timeout: number;
  readonly retries: number;
  /** The shell on the host, `/bin/sh`. */
  readonly executable: string;
  readonly remoteTmp: string;
  readonly become: Become | undefined;
  /** Further variables that a transport of its own reads (ansible_chroot_exe ...), by name. */
  readonly extra: Readonly<Record<string, string>>;
}

export interface Become {
  readonly method: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly flags: string | undefined;
  readonly exe: string | undefined;
}

export interface How {
  readonly uses?: readonly Library[];
  readonly stdin?: Source | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A user's command: a shell of its own in the foreground, with signals, umask, limits and environment as under ssh. */
  readonly foreground?: boolean;
  /** A question: it leaves no process behind, so it may write to the session's own descriptors, which is quicker. */
  readonly asking?: boolean;
  /** Seconds after which the script's process group is killed and the answer has `timedOut`. */
  readonly timeout?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly umask?: string | undefined;
  onOutput?(chunk: Uint8Array, stream: 'out' | 'err'): void;
}

export interface Connection {
  readonly spec: ConnectionSpec;
  run(script: string, how?: How): Promise<ExecResult & { readonly timedOut?: boolean }>;
  /** Writes bytes to a path as they are (mode 0600 for a new file): no check, no rename. ModuleFailure when the host cannot. */
  put(path: string, bytes: Source, how?: How): Promise<void>;
  /** Reads a file. ModuleFailure when the host cannot. */
  get(path: string, how?: How): Promise<Uint8Array>;
  /** A TCP connection from the host's place in the network. */
  forward(host: string, port: number): Promise<Duplex>;
  /** Round trips made so far over it, all sessions together. */
  readonly trips: number;
  close(): Promise<void>;
}

/** Opens connections and keeps them: one per spec, a few sessions each. */
export interface Dialler {
  /** Throws ConnectionError. */
  connect(spec: ConnectionSpec, signal?: AbortSignal): Promise<Connection>;
  /** Closes all connections to a host (meta: reset_connection, reboot); they are dialled anew when next used. */
  reset(host: string): Promise<void>;
  /** What a fresh login would see has changed (passwd, group, sudoers, /etc/environment): new sessions from now on. */
  renew(host: string): void;
  close(): Promise<void>;
}
