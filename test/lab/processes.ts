// Knows a process by its pid and its start time: a pid alone may by now belong to somebody else, and the lab ends only what
// it started.

import { readdirSync, readFileSync } from 'node:fs';
import { pause } from './command.ts';

/** A process as the state file remembers it. */
export interface ProcessRef {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks between boot and start. */
  readonly started: number;
}

/** Start time of a live process in clock ticks since boot; undefined when there is none or it is a zombie. */
export function startTime(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
}

/** The fields of /proc/PID/stat after the program's name: state first, then the parent. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Remembers a process that was just started; undefined when it has ended already. */
export function refer(pid: number | undefined): ProcessRef | undefined {
  const started = pid === undefined ? undefined : startTime(pid);
  return pid === undefined || started === undefined ? undefined : { pid, started };
}

/** The process that runs this code. */
export function self(): ProcessRef {
  return { pid: process.pid, started: startTime(process.pid) ?? 0 };
}

/** Whether the very process that was remembered still runs. */
export function isAlive(ref: ProcessRef | undefined): ref is ProcessRef {
  return ref !== undefined && startTime(ref.pid) === ref.started;
}

/** Kills a remembered process and waits up to `patience` milliseconds for its end. Does nothing when it is gone. */
export async function end(ref: ProcessRef | undefined, patience = 10_000): Promise<void> {
  if (!isAlive(ref)) return;
  try {
    process.kill(ref.pid, 'SIGKILL');
  } catch {
    return;
  }
  await ended(ref, patience);
}

/** Waits up to `patience` milliseconds for a process to end by itself; tells whether it did. */
export async function ended(ref: ProcessRef | undefined, patience: number): Promise<boolean> {
  const until = Date.now() + patience;
  while (isAlive(ref)) {
    if (Date.now() > until) return false;
    await pause(10);
  }
  return true;
}

/** Every pid there is. */
export function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The parent's pid; undefined when the process is gone. */
export function parentOf(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields === undefined ? undefined : Number(fields[1]);
}

/** The words of the process' command line; empty when it is gone. */
export function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The pid as its innermost pid namespace has it; undefined when the process is gone. */
export function innerPid(pid: number): number | undefined {
  try {
    const line = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const last = line?.[1]?.trim().split(/\s+/).at(-1);
    return last === undefined ? undefined : Number(last);
  } catch {
    return undefined;
  }
}
