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

/**
 * What the script told, as resources that the forecast knows. A server that does not answer is ABSENT: any host's
 * unapplied installation may bring it. `place` is `local` or `host:port`.
 */
export function readServer(
  kind: ServerKind,
  place: string,
  sections: Sections,
  told: { readonly answered: boolean; readonly error: string },
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
  seen.set(`server:${kind.name}/${place}`, told.answered ? {} : ABSENT);
  return seen.set(`answer:${kind.name}`, { ...told, place, units: Object.fromEntries(units) });
}

/**
 * `answers`: as observed; `foreseen`: not yet, but unapplied tasks may bring it; `missing` otherwise. Without a client,
 * there or foreseen on this host, it is missing whatever the server does.
 */
export function serverState(
  kind: ServerKind,
  seen: Observed,
): { readonly state: 'answers' | 'foreseen' | 'missing'; readonly error: string; readonly client: boolean } {
  const note = noteOf(seen, `answer:${kind.name}`);
  const error = textOf(note, 'error');
  const client = kind.clients.some((one) => !isAbsent(stateOf(seen, `command:${one}`)));
  if (note['answered'] === true) return { state: 'answers', error: '', client };
  const before = (note['units'] ?? {}) as Record<string, string>;
  const starts = kind.units.some((unit) => {
    const now = stateOf(seen, `unit:${unit}.service`);
    if (isUnknown(now)) return true;
    return before[unit] !== 'active' && knownOf(seen, `unit:${unit}.service`)?.['active'] === 'active';
  });
  const comes = !isAbsent(stateOf(seen, `server:${kind.name}/${textOf(note, 'place')}`));
  return { state: client && (starts || comes) ? 'foreseen' : 'missing', error, client };
}
