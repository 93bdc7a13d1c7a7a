// What a lab has made, written to disk before it is made: whoever comes later, also after a kill, finds all of it and can take
// it down.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './command.ts';
import type { Init } from './layers.ts';
import { folderOf, labFolder, put, tagOf } from './paths.ts';
import type { ProcessRef } from './processes.ts';

/** One host as the state file has it. */
export interface HostState {
  readonly name: string;
  readonly address: string;
  readonly layer: string;
  readonly init: Init;
  /** Size of its own tmpfs, such as `3g`; `folder` for a folder on the machine's disk. */
  readonly disk: string;
  /** The shell that keeps the host's container running. */
  keeper?: ProcessRef;
  /** Control groups made for it. */
  groups?: readonly string[];
  paused?: boolean;
  /** The process that delays its traffic, where the kernel cannot. */
  relay?: ProcessRef;
}

export interface LabState {
  readonly name: string;
  /** The process whose end also ends the lab's right to exist; absent for a lab that was brought up by hand. */
  readonly owner?: ProcessRef;
  /** The process that is bringing it up; gone once all hosts have answered. */
  builder?: ProcessRef;
  /** Network namespaces, the control one first. */
  readonly namespaces: string[];
  readonly hosts: Record<string, HostState>;
}

const networkPrefix = '10.77.0';

/** Address of the control namespace and of the n-th host (from 0); the same in every lab, for no lab sees another. */
export const controlAddress = `${networkPrefix}.1`;
export function addressOf(index: number): string {
  return `${networkPrefix}.${11 + index}`;
}

/** The file with the state of a lab. */
export function stateFile(name: string): string {
  return join(folderOf(name), 'state.json');
}

/** Reads a lab's state; undefined when there is no such lab. */
export function readState(name: string): LabState | undefined {
  return existsSync(stateFile(name)) ? (JSON.parse(readFileSync(stateFile(name), 'utf8')) as LabState) : undefined;
}

/** Writes a lab's state whole. */
export function saveState(state: LabState): void {
  put(stateFile(state.name), JSON.stringify(state, undefined, 1));
}

/** Names of all labs that are there, half-made ones included. */
export function labNames(): readonly string[] {
  const folder = join(labFolder, 'labs');
  return existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(stateFile(name))) : [];
}

/** Checks a lab's name. Throws LabError. */
export function checkName(name: string): void {
  if (!/^[a-z0-9][a-z0-9-]{0,15}$/.test(name))
    throw new LabError(`a lab's name is a-z, 0-9 and -, at most 16: ${name}`);
}

/** The control namespace of a lab, and the namespace of one of its hosts. */
export function controlNamespace(state: LabState): string {
  return tagOf(state.name);
}
export function hostNamespace(state: LabState, host: string): string {
  return `${tagOf(state.name)}.${host}`;
}

/** A host by name. Throws LabError when the lab has none such. */
export function hostOf(state: LabState, name: string): HostState {
  const host = state.hosts[name];
  if (host === undefined) {
    throw new LabError(`lab ${state.name} has no host ${name}; it has ${Object.keys(state.hosts).join(', ')}`);
  }
  return host;
}
