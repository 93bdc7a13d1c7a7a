// Servers that a module speaks to through a client program: is the client there, does the server answer, and, when not,
// would an earlier unapplied task of the run bring them?

import type { State } from '../../engine/model/resource.ts';
import { ABSENT, type Observed, type Resource } from '../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../engine/module/sh.ts';
import type { Sections } from './sections.ts';
import { section } from './sections.ts';
import { isAbsent, isUnknown, knownOf, noteOf, stateOf, textOf } from './seen.ts';

export interface ServerKind {
  readonly name: string;
  /** Client programs, best first. */
  readonly clients: readonly string[];
  /** Units that run the server. */
  readonly units: readonly string[];
}

/** Script: sets `$client` and tells of the client and the units. */
export function serverScript(kind: ServerKind): Script {
  return lines(
    section('client'),
    sh`client=; for one in ${kind.clients}; do path=$(command -v "$one" 2>/dev/null) && { echo "$one $path"; [ -n "$client" ] || client=$path; }; done`,
    section('units'),
    sh`for unit in ${kind.units}; do
  if [ -d /run/systemd/system ]; then
    state=$(systemctl show -p LoadState -p ActiveState "$unit.service" 2>/dev/null | tr '\n' ' ')
    case $state in *LoadState=loaded*) case $state in *ActiveState=active*) echo "$unit active";; *) echo "$unit inactive";; esac;; esac
  elif [ -x "/etc/init.d/$unit" ]; then echo "$unit inactive"; fi
done`,
  );
}

/** What the script told, as resources that the forecast knows; `answered` is the server's word. */
export function readServer(
  kind: ServerKind,
  sections: Sections,
  answered: boolean,
  error: string,
): Map<Resource, State> {
  const seen = new Map<Resource, State>();
  const clients = new Map(sections.lines('client').map((line) => line.split(' ') as [string, string]));
  const units = new Map(sections.lines('units').map((line) => line.split(' ') as [string, string]));
  for (const client of kind.clients) {
    const path = clients.get(client);
    seen.set(`command:${client}`, path === undefined ? ABSENT : { path });
  }
  for (const unit of kind.units) {
    const active = units.get(unit);
    seen.set(`unit:${unit}.service`, active === undefined ? ABSENT : { active });
  }
  return seen.set(`server:${kind.name}`, {
    answered,
    error,
    clients: [...clients.keys()],
    units: Object.fromEntries(units),
  });
}

/** `answers`: as observed; `foreseen`: not yet, but unapplied tasks bring it; `missing` otherwise. */
export function serverState(
  kind: ServerKind,
  seen: Observed,
): { state: 'answers' | 'foreseen' | 'missing'; error: string } {
  const note = noteOf(seen, `server:${kind.name}`);
  if (note['answered'] === true) return { state: 'answers', error: '' };
  const error = textOf(note, 'error');
  const before = (note['units'] ?? {}) as Record<string, string>;
  const clientsBefore = Array.isArray(note['clients']) ? note['clients'].length : 0;
  const clientComes =
    clientsBefore === 0 && kind.clients.some((client) => !isAbsent(stateOf(seen, `command:${client}`)));
  const unitComes = kind.units.some((unit) => {
    const now = stateOf(seen, `unit:${unit}.service`);
    if (isUnknown(now)) return true;
    return before[unit] !== 'active' && knownOf(seen, `unit:${unit}.service`)?.['active'] === 'active';
  });
  return { state: clientComes || unitComes ? 'foreseen' : 'missing', error };
}
