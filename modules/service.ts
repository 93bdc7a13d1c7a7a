// service: services by whatever manager the host runs: systemd, OpenRC, or the scripts of /etc/init.d.

import type { State } from '../engine/model/resource.ts';
import { defineModule, type ExecResult, ModuleFailure, type Plan, type Resource } from '../engine/module/contract.ts';
import { lines, raw, sh } from '../engine/module/sh.ts';
import { readSections, section } from './shared/sections.ts';
import { initScript, planInit, readInit } from './shared/service/initd.ts';
import { serviceEnabled, serviceState, unitSchema } from './shared/service/schema.ts';
import { managerOf } from './shared/service/state.ts';
import { planSystemd, readSystemd, systemdScript } from './shared/service/systemd.ts';

const MANAGERS: Readonly<Record<string, string>> = {
  auto: 'auto',
  systemd: 'systemd',
  'ansible.builtin.systemd': 'systemd',
  'ansible.legacy.systemd': 'systemd',
  sysvinit: 'sysvinit',
  'ansible.builtin.sysvinit': 'sysvinit',
  'ansible.legacy.sysvinit': 'sysvinit',
  service: 'service',
  'ansible.builtin.service': 'service',
  openrc: 'openrc',
};

/** `systemctl`: systemd by the module that knows every manager, which tells no more than every manager can. */
const BY_SYSTEMCTL: ReadonlySet<string> = new Set(['systemd', 'systemctl']);

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Starts, stops and enables services.',
    notes: ['Finds the manager on the host itself, in the same round trip.'],
    examples: `
- name: Runs now and after every boot
  service:
    name: cron
    state: started
    enabled: true
- name: With its new settings
  service:
    name: cron
    state: restarted
`,
    returns: {
      state: 'started or stopped.',
      enabled: 'What was asked for.',
      status: 'What systemd knew of it before.',
    },
  },
  schema: {
    name: { type: 'str', required: true, doc: 'The service.' },
    state: serviceState,
    enabled: serviceEnabled,
    arguments: { type: 'str', default: '', aliases: ['args'], doc: 'Further words for the init script.' },
    pattern: { type: 'str', doc: 'Text in the output of ps that shows it running, where the script has no status.' },
    runlevel: { type: 'str', default: 'default', doc: 'Runlevel of OpenRC.' },
    sleep: { type: 'int', doc: 'Seconds between stop and start of a restart by init scripts.' },
    use: {
      type: 'str',
      default: 'auto',
      doc: `The manager: ${Object.keys(MANAGERS).join(', ')}; any other means service, whatever there is.`,
    },
    ...unitSchema,
  },
  inspect(args) {
    const wanted = MANAGERS[args.use] ?? 'service';
    const chosen =
      wanted === 'auto'
        ? sh`if [ -d /run/systemd/system ]; then manager=systemd
elif command -v rc-service >/dev/null 2>&1; then manager=openrc
elif [ -e /etc/inittab ] || [ "$(cat /proc/1/comm 2>/dev/null)" = init ]; then manager=sysvinit
else manager=service; fi`
        : wanted === 'service'
          ? sh`if [ -d /run/systemd/system ]; then manager=systemctl; else manager=service; fi`
          : sh`manager=${wanted}`;
    return {
      kind: 'question',
      script: lines(
        chosen,
        section('manager'),
        sh`echo "$manager"`,
        sh`if [ "$manager" = systemd ] || [ "$manager" = systemctl ]; then
${raw(systemdScript(args))}
else
${raw(initScript(args))}
fi`,
      ),
      read(answer: ExecResult) {
        const manager = readSections(answer).word('manager');
        const seen = BY_SYSTEMCTL.has(manager) ? readSystemd(args, answer) : readInit(args, answer);
        return (seen as Map<Resource, State>).set('service-manager:', { name: manager });
      },
    };
  },
  plan(args, seen) {
    const manager = managerOf(seen);
    if (manager === 'systemd') return withWarnings(planSystemd(args, seen), unused(args));
    const foreign = (['masked', 'force', 'daemon_reload', 'daemon_reexec', 'no_block'] as const).filter(
      (name) => args[name] === true,
    );
    if (foreign.length > 0)
      throw new ModuleFailure(`Unsupported parameters for (ansible.legacy.service) module: ${foreign.join(', ')}`);
    if (args.state === undefined && args.enabled === undefined)
      throw new ModuleFailure('one of the following is required: state, enabled');
    return manager === 'systemctl' ? withoutStatus(planSystemd(args, seen)) : planInit(args, seen, manager);
  },
});

/** Names of arguments that systemd has no use for. */
function unused(args: {
  readonly pattern?: string | undefined;
  readonly runlevel: string;
  readonly sleep?: number | undefined;
  readonly arguments: string;
}): string[] {
  const given = {
    pattern: args.pattern !== undefined,
    runlevel: args.runlevel !== 'default',
    sleep: args.sleep !== undefined,
    arguments: args.arguments !== '',
  };
  return Object.entries(given).flatMap(([name, is]) => (is ? [name] : []));
}

function withWarnings(plan: Plan, names: readonly string[]): Plan {
  if (names.length === 0) return plan;
  return { ...plan, warnings: names.map((name) => `Ignoring "${name}" as it is not used in "systemd"`) };
}

function withoutStatus(plan: Plan): Plan {
  const { status: _, ...data } = plan.data ?? {};
  return { ...plan, data };
}
