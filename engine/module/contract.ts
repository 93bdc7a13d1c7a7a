// What the author of a module sees. A module asks the host (`inspect`), then says what would change (`plan`); the
// engine alone applies. It holds no connection, clock or local file, and cannot tell a dry run from a real one.

import type { Change, Diffs, Observed } from '../model/resource.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { ArgsOf, Rules, Schema } from './schema.ts';
import type { Script } from './sh.ts';

export { ModuleFailure } from '../model/errors.ts';
export type { Change, Diff, Observed, Resource } from '../model/resource.ts';
export { ABSENT, UNKNOWN } from '../model/resource.ts';

export interface Module<S extends Schema = Schema> {
  readonly doc: Doc;
  readonly schema: S;
  /** Constraints between arguments (mutually exclusive, required together ...). */
  readonly rules?: Rules<S>;
  /** Takes any argument beside those of the schema, as it is. */
  readonly open?: true;
  /** Pure: what to ask the host. */
  inspect(args: ArgsOf<S>, site: Site): Question;
  /**
   * Pure: what would change and how, or one more question. After a further question it is called again with everything
   * seen so far, the later answer winning. Throws ModuleFailure.
   */
  plan(args: ArgsOf<S>, seen: Observed, site: Site): Plan | Question;
}

/** Identity function that infers the types of the arguments from the schema. */
export function defineModule<const S extends Schema>(module: Module<S>): Module<S> {
  return module;
}

/** A module's documentation, in our own words; docs/modules is made from it. */
export interface Doc {
  /** Where Ansible has it: `ansible.builtin`, `community.mysql` ...; `troupe.builtin` for our own. */
  readonly collection: string;
  readonly summary: string;
  readonly notes?: readonly string[];
  /** YAML tasks that parse and validate (a test checks). */
  readonly examples: string;
  readonly returns?: Readonly<Record<string, string>>;
}

/** What a module may know of the place where it works. */
export interface Site {
  /** The inventory name of the host that is worked on (the delegate, when delegated). */
  readonly host: string;
  /** ansible_facts gathered so far for it, without the `ansible_` prefix; empty when none were. */
  readonly facts: JsonObject;
  /** The keyword `environment`, merged: for what the engine itself asks on the host's behalf (a proxy for uri). */
  readonly environment: Readonly<Record<string, string>>;
  /** True when differences are to be shown: only then is it worth reading old content. */
  readonly diff: boolean;
  /** A token unique to this execution, for temporary names. */
  readonly token: string;
  /** Folder for scratch files on the host (remote_tmp), `~` unexpanded. */
  readonly remoteTmp: string;
}

/** Shell functions that a script calls; the connection defines them once a session. */
export interface Library {
  readonly name: string;
  readonly text: Script;
}

export interface Question {
  readonly kind: 'question';
  /** Read-only POSIX sh; '' = nothing to ask (no round trip). Locale is C; umask 022; stdin is empty. */
  readonly script: Script;
  readonly uses?: readonly Library[];
  /** Files that the script needs: put in a scratch folder first, whose path is `$SCRATCH`, and cleared afterwards. */
  readonly scratch?: readonly Upload[];
  /** Understands the answer. Throws ModuleFailure when the host cannot answer at all. */
  read(answer: ExecResult): Observed;
}

export interface Upload {
  /** A plain file name. */
  readonly name: string;
  readonly bytes: Source;
}

export interface ExecResult {
  readonly rc: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Set when a signal ended it. */
  readonly signal?: string | undefined;
}

export interface Plan {
  readonly kind: 'plan';
  /** Empty = converged. */
  readonly actions: readonly Action[];
  /** For `register`, known already. `ansible_facts` in it become facts. */
  readonly data?: JsonObject;
  /** Added to `data` for `register` when the actions were not applied. */
  readonly pending?: JsonObject;
  /** For `register` once the actions are applied: more data (laid over `data`), or a further stage. Throws ModuleFailure. */
  conclude?(outputs: readonly StepResult[]): JsonObject | Plan;
  readonly diffs?: Diffs;
  readonly warnings?: readonly string[];
  /** A result that counts as skipped, with the reason (a `creates` that is there is `ok`, not skipped). */
  readonly skipped?: string;
}

export interface Action {
  /** Empty only for upkeep that Ansible does not count as a change (daemon_reload, cache refresh: then `reason`), and for opaque actions. */
  readonly changes: readonly Change[];
  readonly reason?: string;
  /**
   * The effect cannot be known beforehand: `changes` when a run counts as a change (command, shell), `observes` when it
   * does not (uri, wait_for). With no `changes` listed such an action is skipped, not foretold, in a dry run.
   */
  readonly opaque?: 'changes' | 'observes';
  /**
   * The outcome decides: once performed, the action counts as a change only if this says so of what it gave, also when
   * changes were listed (a package manager that finds nothing to do).
   */
  changedBy?(output: StepResult): boolean;
  readonly step: Step;
  /**
   * Answers as the step would and leaves the host as it is: carried out in the step's place in a dry run, which then
   * knows what is foreseen at best without it.
   */
  readonly rehearsal?: Step;
}

export type Step =
  /** Runs a script of the module's own. A non-zero rc makes the task fail unless `tolerate`, with rc, stdout, stderr registered. */
  | {
      readonly run: Script;
      readonly uses?: readonly Library[];
      readonly scratch?: readonly Upload[];
      readonly stdin?: Source;
      readonly tolerate?: true;
      /** Output goes to events while it runs. */
      readonly onOutput?: true;
      /** A user's command: runs in a shell of its own in the foreground, with the signals, limits and environment of a login. */
      readonly foreground?: true;
      readonly umask?: string;
      /** What to say when it fails; the tail of stderr is added. '' when stderr says it all. */
      readonly failure?: string;
      /** What it prints is the result itself, as JSON: so a job that runs detached is understood later. */
      readonly answers?: true;
    }
  /** Writes beside, checks, renames; refused if the file is no longer what was inspected. */
  | {
      readonly put: string;
      readonly bytes: Source;
      readonly owner?: string;
      readonly group?: string;
      /** Octal text, `0644`; absent: kept as it is, or 0666 less umask for a new file. */
      readonly mode?: string;
      /** Command with %s for the side file; its failure leaves the old file. */
      readonly validate?: string;
      /** Keeps the old file beside, `NAME.PID.YYYY-MM-DD@HH:MM:SS~`; reported as backup_file. */
      readonly backup?: boolean;
      /** What was inspected: the sha1 of the file, or null for "was not there". Left out: written whatever is there. */
      readonly expect?: Digest | null;
      /** Overwrites in place where renaming fails (unsafe_writes). */
      readonly unsafe?: boolean;
    }
  | { readonly effect: ControllerEffect };

/** Data that the engine interprets: what modules need done from the controller's side. */
export type ControllerEffect =
  /** Reads a file of the host and saves it on the controller. Data: `{checksum, size}`. */
  | { readonly kind: 'fetch'; readonly path: string; readonly to: string; readonly expect?: Digest | undefined }
  /** Sleeps on the controller. Seconds. */
  | { readonly kind: 'sleep'; readonly seconds: number }
  /** Closes the sessions of the host and opens them anew; waits until it answers, at most `timeout` seconds. */
  | {
      readonly kind: 'reconnect';
      readonly timeout: number;
      readonly delay?: number;
      readonly bootIdBefore?: string;
      readonly test?: Script;
    }
  /** Speaks HTTP from the host's place in the network (forwarded TCP; else curl or wget on the host). Data: see HttpReply. */
  | { readonly kind: 'http'; readonly request: HttpRequest }
  /** Tries a TCP connection from the host's place until it is as wanted. Data: `{elapsed}`; fails on timeout. */
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly until: 'open' | 'closed';
      /** A regular expression of Python's, multiline, for what the port has to say. */
      readonly pattern?: string;
      readonly timeout: number;
      readonly delay: number;
      readonly sleep: number;
      readonly connectTimeout: number;
      readonly failure?: string;
    }
  /** Repeats a script until it exits 0. Data: `{elapsed, stdout}`; fails on timeout. */
  | {
      readonly kind: 'poll';
      readonly script: Script;
      readonly uses?: readonly Library[];
      readonly timeout: number;
      readonly delay: number;
      readonly sleep: number;
      readonly failure?: string;
    };

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Source;
  readonly timeout: number;
  /** `safe`: those of GET and HEAD; `urllib2`: as Python's library does, also those of POST, by GET. */
  readonly followRedirects: 'all' | 'safe' | 'none' | 'urllib2';
  /** Headers that a redirect leaves behind. */
  readonly unredirectedHeaders?: readonly string[];
  readonly validateCerts: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly forceBasicAuth?: boolean;
  /** URL of a proxy, as seen from the host. */
  readonly proxy?: string;
  /** In OpenSSL's notation. */
  readonly ciphers?: string;
  /** False: the body stays packed as it came. */
  readonly decompress?: boolean;
  /** PEM texts. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly caText?: string;
}

/** `data` of an `http` effect's result (content in `stdout`). */
export interface HttpReply extends JsonObject {
  readonly status: number;
  readonly reason: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** By name; those of all redirects. */
  readonly cookies: { readonly [name: string]: string };
  readonly redirected: boolean;
  readonly elapsed: number;
}

/** What one step gave, in the order of the actions. */
export interface StepResult {
  readonly rc: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** ISO 8601 local times of the host's step, for `start`, `end`, `delta`. */
  readonly started: string;
  readonly ended: string;
  readonly data: JsonObject;
}

/** sha1, hex: what Ansible calls `checksum`. */
export type Digest = string;

/** Bytes on the controller: an argument with `file`, a rendered template, or content made by the module. */
export interface Source {
  readonly size: number;
  readonly sha1: Digest;
  readonly md5: string;
  /** The whole content when it is at most 4 MiB; larger files are streamed by the engine. */
  readonly bytes: Uint8Array | undefined;
  /** The controller's file, when it is one. */
  readonly path?: string;
}

/** What an argument with `file: 'files'` holds for the module. */
export interface LocalFile extends Source {
  readonly type: 'file';
  readonly path: string;
  /** Octal text. */
  readonly mode: string;
}
/** What an argument with `commandLine` holds: the file that the first word names, and the rest of the line as written. */
export interface CommandFile extends LocalFile {
  readonly rest: string;
}
export interface LocalFolder {
  readonly type: 'directory';
  readonly path: string;
  readonly mode: string;
  /** Everything beneath, parents first; paths relative. */
  readonly entries: readonly LocalEntry[];
}
export type LocalEntry =
  | { readonly path: string; readonly type: 'file'; readonly mode: string; readonly source: Source }
  | { readonly path: string; readonly type: 'directory'; readonly mode: string }
  /** With what it leads to: a file's source, or the entries of a folder, beneath the link's own path. */
  | {
      readonly path: string;
      readonly type: 'link';
      readonly target: string;
      readonly mode?: string;
      readonly source?: Source;
      readonly entries?: readonly LocalEntry[];
    };

export function isQuestion(answer: Plan | Question): answer is Question {
  return answer.kind === 'question';
}

export type { Json, JsonObject };

/** For modules that have nothing to ask. */
export const NO_QUESTION: Question = { kind: 'question', script: '' as Script, read: () => new Map() };
