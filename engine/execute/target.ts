// Where a host-task works: the host or its delegate, the connection to it, and the count of round trips made.

import type { Connection, ConnectionSpec, How } from '../connection/contract.ts';
import { ModuleFailure } from '../model/errors.ts';
import type { ExecResult, Library, Source, Upload } from '../module/contract.ts';
import { sh } from '../module/sh.ts';
import { sourceOf } from '../module/source.ts';

export interface Ask {
  readonly uses?: readonly Library[] | undefined;
  readonly scratch?: readonly Upload[] | undefined;
  readonly stdin?: Source | undefined;
  readonly foreground?: boolean | undefined;
  /** A question, which leaves no process behind: answered by the quick way. */
  readonly asking?: boolean | undefined;
  readonly umask?: string | undefined;
  onOutput?: ((chunk: Uint8Array, stream: 'out' | 'err') => void) | undefined;
}

/** One host as one host-task sees it. */
export class Target {
  readonly spec: ConnectionSpec;
  readonly environment: Readonly<Record<string, string>>;
  readonly #open: () => Promise<Connection>;
  readonly #reset: () => Promise<void>;
  readonly #timeout: number | undefined;
  readonly #signal: AbortSignal;
  /** Round trips made by this host-task. */
  trips = 0;

  constructor(options: {
    readonly spec: ConnectionSpec;
    readonly environment: Readonly<Record<string, string>>;
    readonly open: () => Promise<Connection>;
    readonly reset: () => Promise<void>;
    readonly timeout: number | undefined;
    readonly signal: AbortSignal;
  }) {
    this.spec = options.spec;
    this.environment = options.environment;
    this.#open = options.open;
    this.#reset = options.reset;
    this.#timeout = options.timeout;
    this.#signal = options.signal;
  }

  /** Runs a script; files in `scratch` are put into a folder of its own first (`$SCRATCH`), cleared afterwards. */
  async run(script: string, ask: Ask = {}): Promise<ExecResult & { readonly timedOut?: boolean }> {
    const connection = await this.#open();
    if (ask.scratch === undefined || ask.scratch.length === 0) return this.#once(connection, script, ask);
    const inline = inlineScratch(ask.scratch);
    if (inline !== undefined) return this.#once(connection, withScratch(this.spec.remoteTmp, inline, script), ask);
    const folder = await this.#stow(connection, ask.scratch);
    if (typeof folder !== 'string') return folder;
    const wrapped = sh`SCRATCH=${folder}; export SCRATCH; trap ${sh`rm -rf -- ${folder}`} EXIT`;
    return this.#once(connection, `${wrapped}\n${script}`, ask);
  }

  /** Puts files into a folder of their own that stays, and tells where it is. Throws ModuleFailure when there is no room. */
  async stow(uploads: readonly Upload[]): Promise<string> {
    const folder = await this.#stow(await this.#open(), uploads);
    if (typeof folder === 'string') return folder;
    throw new ModuleFailure('could not make a folder for scratch files', {
      rc: folder.rc,
      stderr: new TextDecoder().decode(folder.stderr),
    });
  }

  /** The folder, or the answer of a host that could not make one. */
  async #stow(connection: Connection, uploads: readonly Upload[]): Promise<string | ExecResult> {
    const made = await this.#once(connection, MAKE_SCRATCH(this.spec.remoteTmp), {});
    const folder = new TextDecoder().decode(made.stdout).trim();
    if (made.rc !== 0 || folder === '') return made;
    for (const { name, bytes } of uploads) {
      this.trips++;
      await connection.put(`${folder}/${name}`, bytes, this.#how({}));
    }
    return folder;
  }

  async #once(connection: Connection, script: string, ask: Ask): Promise<ExecResult & { readonly timedOut?: boolean }> {
    this.trips++;
    return connection.run(script, this.#how(ask));
  }

  #how(ask: Ask): How {
    return {
      signal: this.#signal,
      environment: this.environment,
      ...(ask.uses === undefined ? {} : { uses: ask.uses }),
      ...(ask.stdin === undefined ? {} : { stdin: ask.stdin }),
      ...(ask.foreground === undefined ? {} : { foreground: ask.foreground }),
      ...(ask.asking === undefined ? {} : { asking: ask.asking }),
      ...(ask.umask === undefined ? {} : { umask: ask.umask }),
      ...(ask.onOutput === undefined ? {} : { onOutput: ask.onOutput }),
      ...(this.#timeout === undefined ? {} : { timeout: this.#timeout }),
    };
  }

  async get(path: string): Promise<Uint8Array> {
    this.trips++;
    return (await this.#open()).get(path, this.#how({}));
  }

  async forward(host: string, port: number): Promise<import('node:stream').Duplex> {
    return (await this.#open()).forward(host, port);
  }

  /** Drops every session to the host, so that the next call logs in anew. */
  reset(): Promise<void> {
    return this.#reset();
  }
}

/** Text files up to this size, all together, go along in the script. */
const INLINE = 64 * 1024;

/** Commands that write the uploads into `$SCRATCH`; undefined when they are too large, or no text. */
function inlineScratch(uploads: readonly Upload[]): string | undefined {
  let size = 0;
  const writes: string[] = [];
  for (const { name, bytes } of uploads) {
    size += bytes.size;
    if (bytes.bytes === undefined || size > INLINE) return undefined;
    const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes.bytes);
    if (text.includes('\0') || text.includes('\uFFFD')) return undefined;
    writes.push(sh`printf %s ${text} >"$SCRATCH"/${name} || exit 1`);
  }
  return writes.join('\n');
}

function withScratch(remoteTmp: string, writes: string, script: string): string {
  return `SCRATCH=$(${MAKE_SCRATCH(remoteTmp)}) || exit 1; export SCRATCH; trap 'rm -rf -- "$SCRATCH"' EXIT
${writes}
${script}`;
}

/** Makes a private folder and prints it: below remote_tmp when that is there, else below /tmp. Nothing else is left behind. */
function MAKE_SCRATCH(remoteTmp: string): string {
  const below = remoteTmp.startsWith('~/') ? sh`"$HOME"/${remoteTmp.slice(2)}` : sh`${remoteTmp}`;
  return `umask 077; d=${below}; [ -d "$d" ] && [ -w "$d" ] || d=/tmp; mktemp -d "$d/troupe-XXXXXXXXXX" 2>/dev/null || { d="$d/troupe-$$"; mkdir "$d" && printf '%s\\n' "$d"; }`;
}

export const EMPTY = sourceOf('');
