// What a run is made of: everything that compose hands to the executor. The executor opens, parses and prints nothing.

import type { Connection, ConnectionSpec, Dialler } from '../connection/contract.ts';
import type { Forecast } from '../forecast/forecast.ts';
import type { Emit } from '../model/event.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Loader, Play } from '../model/playbook.ts';
import type { Json, JsonObject, Scope, Value } from '../model/value.ts';
import type { Registry } from '../module/registry.ts';
import type { LookupServices, Templar } from '../template/contract.ts';
import type { Variables } from '../variables/contract.ts';

export interface RunSettings {
  readonly forks: number;
  /** Of plays that name none. */
  readonly strategy: string;
  readonly checkMode: boolean;
  readonly diff: boolean;
  readonly verbosity: number;
  readonly tags: { readonly run: readonly string[]; readonly skip: readonly string[] };
  readonly startAtTask: string | undefined;
  readonly forceHandlers: boolean;
  readonly anyErrorsFatal: boolean;
  readonly errorOnMissingHandler: boolean;
  /** implicit, explicit or smart. */
  readonly gathering: 'implicit' | 'explicit' | 'smart';
  /** The action that gathers facts. */
  readonly factsAction: string;
  readonly noLog: boolean;
  /** Seconds between polls of an async task that does not say. */
  readonly pollInterval: number;
  /** Seconds, 0 for none. */
  readonly taskTimeout: number;
  readonly remoteTmp: string;
  readonly asyncDir: string;
  readonly ansibleManaged: string;
  readonly limit: string | undefined;
  /** Confirms each task on the terminal (--step): answers yes, no or continue. */
  readonly step: boolean;
  readonly maxDiffSize: number;
}

/** Connection keywords of a task, rendered. */
export interface ConnectionKeywords {
  readonly connection?: string | undefined;
  readonly remoteUser?: string | undefined;
  readonly port?: number | undefined;
  readonly become?: boolean | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeFlags?: string | undefined;
  readonly becomeExe?: string | undefined;
}

export interface Engine {
  readonly inventory: Inventory;
  readonly loader: Loader;
  readonly variables: Variables;
  readonly templar: Templar;
  readonly dialler: Dialler;
  readonly registry: Registry;
  readonly forecast: Forecast;
  readonly settings: RunSettings;
  readonly services: LookupServices;
  readonly emit: Emit;
  /** Resolves the connection of a host from its (rendered) variables, keywords and settings. Throws ConnectionError or PlaybookError. */
  connectionSpec(
    lookup: (name: string) => Value | undefined,
    keywords: ConnectionKeywords,
    host: { readonly name: string; readonly implicit: boolean },
  ): ConnectionSpec;
  /** Asks the user; undefined when there is no terminal. */
  prompt(
    text: string,
    options: { readonly echo: boolean; readonly seconds?: number | undefined },
  ): Promise<string | undefined>;
  /** A file's bytes, decrypted if they are a vault. Throws PlaybookError where no secret opens it. */
  opened(bytes: Uint8Array, file: string): Uint8Array;
  /** A value that must never be shown. */
  hide(secret: string): void;
  /** Reads vars files of a play: raw dicts. */
  readVarsFile(file: string): Promise<Value>;
  /** First Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface PlaybookRun {
  readonly file: string;
  readonly plays: readonly Play[];
}

export type { Connection, Json, JsonObject, Scope, Value };
