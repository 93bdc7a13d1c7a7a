// Units by systemctl: what to ask, and the plan for a wish. Used by systemd and, on hosts that run it, by service.

import type { State } from '../../../engine/model/resource.ts';
import {
  ABSENT,
  type Action,
  type Change,
  type ExecResult,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Resource,
} from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { readSections, section } from '../sections.ts';
import { noteOf, textOf } from '../seen.ts';
import { afterVerb, changesOf, unitName, unitState, verbFor, type Wish } from './state.ts';

export interface SystemdArgs {
  readonly name?: string | undefined;
  readonly state?: Wish;
  readonly enabled?: boolean | undefined;
  readonly masked?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly daemon_reload?: boolean;
  readonly daemon_reexec?: boolean;
  readonly scope?: 'system' | 'user' | 'global';
  readonly no_block?: boolean;
}

const FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Files that make a unit of this name. */
function filesOf(name: string): string[] {
  const unit = unitName(name);
  const template = unit.replace(/@[^.]+\./, '@.');
  const names = template === unit ? [unit] : [unit, template];
  return [
    ...FOLDERS.flatMap((folder) => names.map((one) => `${folder}/${one}`)),
    `/etc/init.d/${name.replace(/\.service$/, '')}`,
  ];
}

function systemctl(args: SystemdArgs): string[] {
  return ['systemctl', ...(args.scope === undefined || args.scope === 'system' ? [] : [`--${args.scope}`])];
}

/** Script that tells all about the unit; nothing but the manager when no unit is named. */
export function systemdScript(args: SystemdArgs): Script {
  const name = args.name;
  if (name === undefined) return sh`:`;
  const unit = unitName(name);
  const script = name.replace(/\.service$/, '');
  const reach =
    args.scope === 'user' ? sh`[ -n "$XDG_RUNTIME_DIR" ] || export XDG_RUNTIME_DIR=/run/user/$(id -u)` : undefined;
  return lines(
    reach,
    section('show'),
    sh`command -v systemctl >/dev/null 2>&1 || echo "Failed to find required executable \"systemctl\" in paths: $PATH"`,
    args.scope === 'global'
      ? sh`systemctl --global cat ${unit} >/dev/null 2>&1 && echo LoadState=loaded && echo ActiveState=inactive`
      : sh`${systemctl(args)} show ${unit} 2>&1`,
    section('enabled'),
    sh`${systemctl(args)} is-enabled ${unit} 2>/dev/null`,
    section('files'),
    sh`for file in ${filesOf(name)}; do if [ -e "$file" ] || [ -L "$file" ]; then echo "$file"; fi; done`,
    section('sysv'),
    sh`[ -x /etc/init.d/${raw(sh`${script}`)} ] && echo script; for link in /etc/rc[2-5S].d/S??${raw(sh`${script}`)}; do [ -e "$link" ] && { echo enabled; break; }; done`,
  );
}

/** Reads what `systemdScript` printed. */
export function readSystemd(args: SystemdArgs, answer: ExecResult): Map<Resource, State> {
  const seen = new Map<Resource, State>();
  if (args.name === undefined) return seen;
  const sections = readSections(answer);
  const unit = unitName(args.name);
  const status = parseShow(sections.text('show'));
  const load = textOf(status, 'LoadState');
  const sysv = sections.lines('sysv');
  const enabled = sections.lines('enabled')[0] ?? '';
  const there = (load !== '' && load !== 'not-found') || sysv.includes('script');
  const files = sections.lines('files');
  for (const file of filesOf(args.name)) seen.set(`file:${file}`, files.includes(file) ? { type: 'file' } : ABSENT);
  seen.set(
    `unit:${unit}`,
    there
      ? {
          active: textOf(status, 'ActiveState') || 'inactive',
          enabled:
            enabled === '' || enabled === 'not-found' ? (sysv.includes('enabled') ? 'enabled' : 'disabled') : enabled,
        }
      : ABSENT,
  );
  return seen.set(`systemd:${unit}`, { status, said: load === '' ? sections.word('show') : '' });
}

/** `systemctl show`: KEY=VALUE lines; a value that opens a brace may go on over several lines. */
export function parseShow(text: string): JsonObject {
  const found: Record<string, string> = {};
  let open: string | undefined;
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      found[open] += `\n${line}`;
      if (line.trimEnd().endsWith('}')) open = undefined;
      continue;
    }
    const at = line.indexOf('=');
    if (at < 1) continue;
    const key = line.slice(0, at);
    const value = line.slice(at + 1).trim();
    found[key] = value;
    if (key.startsWith('Exec') && value.startsWith('{') && !value.endsWith('}')) open = key;
  }
  return found;
}

/** Actions, in the order in which they are done: reload, mask, enable, state. Throws when there is no such unit. */
export function planSystemd(args: SystemdArgs, seen: Observed): Plan {
  const upkeep = upkeepOf(args);
  if (args.name === undefined) {
    return { kind: 'plan', actions: upkeep, data: { name: null, status: {} } };
  }
  if (/[*?[]/.test(args.name)) {
    const sign = /[*?[]/.exec(args.name)![0];
    throw new ModuleFailure(
      `This module does not currently support using glob patterns, found '${sign}' in service name: ${args.name}`,
    );
  }
  const unit = unitName(args.name);
  const note = noteOf(seen, `systemd:${unit}`);
  const said = textOf(note, 'said');
  if (said.startsWith('Failed to find required')) throw new ModuleFailure(said.split('\n')[0]!);
  const now = unitState(seen, unit, filesOf(args.name));
  const data: Record<string, JsonObject | string | boolean> = {
    name: args.name,
    status: (note['status'] ?? {}) as JsonObject,
  };
  if (now === undefined) {
    if (said !== '' && /not been booted|Failed to connect|not found/.test(said)) {
      throw new ModuleFailure(`Failure when running systemctl for ${args.name}: ${said}`);
    }
    if (args.masked === true && args.state === undefined && args.enabled === undefined) {
      // Also a unit that is not there can be kept from ever being started.
      const change = changesOf(unit, ABSENT)({ enabled: 'masked' });
      return { kind: 'plan', actions: [...upkeep, maskAction(args, unit, change)], data };
    }
    if (args.state !== undefined || args.enabled !== undefined) {
      throw new ModuleFailure(`Could not find the requested service ${args.name}: host`);
    }
    return { kind: 'plan', actions: upkeep, data };
  }
  const actions: Action[] = [...upkeep];
  const masked = now.enabled === 'masked' || now.enabled === 'masked-runtime';
  const change = changesOf(unit, now.before);
  const act = (verb: string, after: JsonObject, extra: readonly string[]): Action => ({
    changes: [change(after)],
    step: {
      run: lines(reach(args), sh`${systemctl(args)} ${extra} ${verb} ${unit}`),
      failure: `Unable to ${verb} service ${args.name}`,
    },
  });
  if (args.masked !== undefined && args.masked !== masked) {
    actions.push(maskAction(args, unit, change({ enabled: args.masked ? 'masked' : 'disabled' })));
  }
  if (args.enabled !== undefined) {
    const force = args.force ? ['--force'] : [];
    const file = textOf(data['status'] as JsonObject, 'UnitFileState');
    if ((now.enabled === 'alias' ? file === 'enabled' : isEnabled(now.enabled)) !== args.enabled) {
      actions.push(act(args.enabled ? 'enable' : 'disable', { enabled: args.enabled ? 'enabled' : 'disabled' }, force));
    }
    data['enabled'] = args.enabled;
  }
  if (args.state !== undefined) {
    const verb = verbFor(args.state, now.running);
    if (verb !== undefined) {
      if (masked && args.masked !== false && verb !== 'stop') {
        throw new ModuleFailure(
          `Unable to ${verb} service ${args.name}: Failed to ${verb} ${unit}: Unit ${unit} is masked.\n`,
        );
      }
      actions.push(act(verb, afterVerb(verb), args.no_block ? ['--no-block'] : []));
    }
    data['state'] = args.state === 'restarted' || args.state === 'reloaded' ? 'started' : args.state;
  }
  return { kind: 'plan', actions, data };
}

function maskAction(args: SystemdArgs, unit: string, change: Change): Action {
  const verb = args.masked ? 'mask' : 'unmask';
  const run = lines(reach(args), sh`${systemctl(args)} ${args.force ? ['--force'] : []} ${verb} ${unit}`);
  return { changes: [change], step: { run, failure: `Failed to ${verb} the service (${args.name})` } };
}

/** enabled-runtime and indirect do not count as enabled, an alias as what it stands for does. */
function isEnabled(word: string): boolean {
  return ['enabled', 'static', 'generated', 'transient'].includes(word);
}

function reach(args: SystemdArgs): Script | undefined {
  return args.scope === 'user' ? sh`[ -n "$XDG_RUNTIME_DIR" ] || export XDG_RUNTIME_DIR=/run/user/$(id -u)` : undefined;
}

function upkeepOf(args: SystemdArgs): Action[] {
  const upkeep = (verb: string, reason: string): Action => ({
    changes: [],
    reason,
    step: { run: lines(reach(args), sh`${systemctl(args)} ${verb}`), failure: `failure 1 during ${verb}` },
  });
  return [
    ...(args.daemon_reexec ? [upkeep('daemon-reexec', 'systemd starts itself anew')] : []),
    ...(args.daemon_reload ? [upkeep('daemon-reload', 'systemd reads its unit files again')] : []),
  ];
}
