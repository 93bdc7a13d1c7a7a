// Services without systemd: init scripts (with update-rc.d, chkconfig or plain rc links) and OpenRC.

import type { State } from '../../../engine/model/resource.ts';
import {
  ABSENT,
  type Action,
  type ExecResult,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Resource,
  type StepResult,
} from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { decode, readSections, section } from '../sections.ts';
import { afterVerb, changesOf, unitName, unitState, verbFor, type Wish } from './state.ts';

export interface InitArgs {
  readonly name: string;
  readonly state?: Wish;
  readonly enabled?: boolean | undefined;
  readonly arguments: string;
  readonly pattern?: string | undefined;
  readonly runlevel: string;
  readonly sleep?: number | undefined;
}

// Words by which a status output tells that nothing runs, when its exit code does not.
const STATUS = `status() {
  if [ -n "$pattern" ]; then ps -ef 2>/dev/null | grep -F -- "$pattern" | grep -q -v grep && echo active || echo inactive; return; fi
  if [ "$manager" = openrc ]; then rc-service "$name" status >"$told" 2>&1; rc=$?; else "/etc/init.d/$name" status >"$told" 2>&1; rc=$?; fi
  case $rc in
  0) if grep -q -i -E 'not running|is stopped|is not|inactive|could not access pid' "$told"; then echo inactive; else echo active; fi;;
  1|2|3|69) echo inactive;;
  *) if grep -q -i -E 'is running|start/running' "$told" && ! grep -q -i 'not running' "$told"; then echo active; else echo inactive; fi;;
  esac
}`;

/** Script that tells of a service of /etc/init.d or OpenRC; \`$manager\` is set. */
export function initScript(args: InitArgs): Script {
  return lines(
    sh`name=${args.name}; pattern=${args.pattern ?? ''}; told=/tmp/.status.$$`,
    sh`${raw(STATUS)}`,
    section('script'),
    sh`[ -e "/etc/init.d/$name" ] && { echo script; ${raw(section('status'))}; status; rm -f "$told"; }`,
    section('enabled'),
    sh`if [ "$manager" = openrc ]; then rc-update show ${args.runlevel} 2>/dev/null | grep -q "^ *$name |" && echo enabled
elif command -v chkconfig >/dev/null 2>&1 && [ -d /etc/rc.d/init.d ]; then chkconfig "$name" >/dev/null 2>&1 && echo enabled
else for link in /etc/rc[2-5S].d/S??"$name"; do [ -e "$link" ] && { echo enabled; break; }; done; fi`,
  );
}

export function readInit(args: InitArgs, answer: ExecResult): Map<Resource, State> {
  const sections = readSections(answer);
  const seen = new Map<Resource, State>();
  const there = sections.word('script') === 'script';
  seen.set(`file:/etc/init.d/${args.name}`, there ? { type: 'file' } : ABSENT);
  const state = { active: sections.word('status') || 'inactive', enabled: sections.word('enabled') || 'disabled' };
  return seen.set(`unit:${unitName(args.name)}`, there ? state : ABSENT);
}

export function planInit(args: InitArgs, seen: Observed, manager: string): Plan {
  const unit = unitName(args.name);
  const now = unitState(seen, unit, [`/etc/init.d/${args.name}`]);
  if (now === undefined) {
    throw new ModuleFailure(
      `Could not find the requested service ${args.name}: ${manager === 'sysvinit' ? '' : 'host'}`,
    );
  }
  const actions: Action[] = [];
  const change = changesOf(unit, now.before);
  const enabled = now.enabled === 'enabled' || now.enabled === 'alias';
  const enables = args.enabled !== undefined && enabled !== args.enabled;
  if (enables) {
    actions.push({
      changes: [change({ enabled: args.enabled ? 'enabled' : 'disabled' })],
      step: {
        run: manager === 'openrc' ? openrcEnable(args) : sysvEnable(args),
        failure: `Unable to ${args.enabled ? 'enable' : 'disable'} service ${args.name}`,
      },
    });
  }
  const verb = verbFor(args.state, now.running);
  if (verb !== undefined) {
    actions.push({
      changes: [change(afterVerb(verb))],
      step: { run: perform(args, verb, manager), failure: `Unable to ${verb} service ${args.name}` },
    });
  }
  if (manager !== 'sysvinit') return { kind: 'plan', actions, data: plainData(args) };
  const part = (changed: boolean, output?: StepResult): JsonObject => ({
    changed,
    rc: output?.rc ?? null,
    stdout: output === undefined ? null : decode(output.stdout),
    stderr: output === undefined ? null : decode(output.stderr),
  });
  const told = (outputs: readonly StepResult[]): JsonObject => ({
    name: args.name,
    status: {
      enabled: part(enables, enables ? outputs[0] : undefined),
      [args.state ?? 'null']: part(verb !== undefined, verb === undefined ? undefined : outputs[enables ? 1 : 0]),
    },
  });
  return { kind: 'plan', actions, data: told([]), conclude: told };
}

function plainData(args: InitArgs): JsonObject {
  return {
    name: args.name,
    ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
    ...(args.state === undefined ? {} : { state: args.state === 'stopped' ? 'stopped' : 'started' }),
  };
}

function perform(args: InitArgs, verb: 'start' | 'stop' | 'restart' | 'reload', manager: string): Script {
  const words = args.arguments === '' ? '' : ` ${args.arguments}`;
  const call = (what: string): Script =>
    manager === 'openrc'
      ? sh`rc-service ${args.name} ${what}${raw(words)}`
      : sh`if command -v service >/dev/null 2>&1; then service ${args.name} ${what}${raw(words)}; else /etc/init.d/${raw(sh`${args.name}`)} ${what}${raw(words)}; fi`;
  // A daemon must not keep the session's output open.
  const quiet = (script: Script): Script => sh`out=$(mktemp); { ${raw(script)}
} >"$out" 2>&1 </dev/null; rc=$?; cat "$out"; [ "$rc" = 0 ] || cat "$out" >&2; rm -f "$out"; [ "$rc" = 0 ] || exit "$rc"`;
  if (verb !== 'restart' || args.sleep === undefined) return quiet(call(verb));
  return lines(quiet(call('stop')), sh`sleep ${args.sleep}`, quiet(call('start')));
}

function sysvEnable(args: InitArgs): Script {
  const onOff = args.enabled ? 'on' : 'off';
  const verb = args.enabled ? 'enable' : 'disable';
  return sh`name=${args.name}
if command -v update-rc.d >/dev/null 2>&1; then update-rc.d "$name" defaults >/dev/null && update-rc.d "$name" ${verb}
elif command -v chkconfig >/dev/null 2>&1; then chkconfig --add "$name" && chkconfig "$name" ${onOff}
elif [ ${verb} = enable ]; then for level in 2 3 4 5; do [ -d "/etc/rc$level.d" ] && ln -sf "../init.d/$name" "/etc/rc$level.d/S20$name"; done
else rm -f /etc/rc[2-5S].d/S??"$name"; fi`;
}

function openrcEnable(args: InitArgs): Script {
  return sh`rc-update ${args.enabled ? 'add' : 'delete'} ${args.name} ${args.runlevel}`;
}
