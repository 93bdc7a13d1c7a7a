// Ending what a session is running: the processes beneath its shell are looked up over another session and killed.

import type { Script } from '../module/sh.ts';
import { sh } from '../module/sh.ts';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number | undefined;
}

/** Lists all processes: pid, parent, group, session where known. */
export const PROCESSES = sh`if [ -r /proc/self/stat ]; then
  for f in /proc/[0-9]*/stat; do IFS= read -r l <"$f" && { p=\${l%% *}; set -- \${l##*) }; echo "$p $2 $3 $4"; }; done 2>/dev/null
else ps -A -o pid= -o ppid= -o pgid=; fi`;

export function parseProcesses(text: string): Process[] {
  const processes: Process[] = [];
  for (const line of text.split('\n')) {
    const [pid, parent, group, session] = line.trim().split(/\s+/).map(Number);
    if (!pid || parent === undefined || group === undefined) continue;
    processes.push({ pid, parent, group, session: session === undefined ? undefined : session });
  }
  return processes;
}

/** Everything beneath `shell` save `spared`, and what else lives in sessions that were started there. */
export function victims(processes: readonly Process[], shell: number, spared: readonly number[]): number[] {
  const found = new Set<number>();
  let grew = true;
  while (grew) {
    grew = false;
    for (const { pid, parent, session } of processes) {
      if (found.has(pid) || pid === shell || spared.includes(pid)) continue;
      if (parent !== shell && !found.has(parent) && !(session !== undefined && found.has(session))) continue;
      found.add(pid);
      grew = true;
    }
  }
  return [...found];
}

export function killing(pids: readonly number[]): Script {
  return sh`kill -KILL ${pids} 2>/dev/null`;
}
