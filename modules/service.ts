// service: services by whatever manager the host runs: systemd, OpenRC, or the scripts of /etc/init.d.

import type { State } from '../engine/model/resource.ts';
import { defineModule, type ExecResult, ModuleFailure, type Resource } from '../engine/module/contract.ts';
import { lines, raw, sh } from '../engine/module/sh.ts';
import { readSections, section } from './shared/sections.ts';
import { initScript, planInit, readInit } from './shared/service/initd.ts';
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
    state: { type: 'str', choices: ['reloaded', 'restarted', 'started', 'stopped'], doc: 'What it should be or do.' },
    enabled: { type: 'bool', doc: 'Starts with the system.' },
    arguments: { type: 'str', default: '', aliases: ['args'], doc: 'Further words for the init script.' },
    pattern: { type: 'str', doc: 'Text in the output of ps that shows it running, where the script has no status.' },
    runlevel: { type: 'str', default: 'default', doc: 'Runlevel of OpenRC.' },
    sleep: { type: 'int', doc: 'Seconds between stop and start of a restart by init scripts.' },
    use: { type: 'str', default: 'auto', doc: `The manager: ${Object.keys(MANAGERS).join(', ')}.` },
  },
  rules: { requiredOneOf: [['state', 'enabled']] },
  inspect(args) {
    const wanted = MANAGERS[args.use];
    if (wanted === undefined)
      throw new ModuleFailure(`service cannot use '${args.use}'; it knows ${Object.keys(MANAGERS).join(', ')}`);
    const chosen =
      wanted === 'auto'
        ? sh`if [ -d /run/systemd/system ]; then manager=systemd
elif command -v rc-service >/dev/null 2>&1; then manager=openrc
elif [ -e /etc/inittab ] || [ "$(cat /proc/1/comm 2>/dev/null)" = init ]; then manager=sysvinit
else manager=service; fi`
        : sh`manager=${wanted}`;
    return {
      kind: 'question',
      script: lines(
        chosen,
        section('manager'),
        sh`echo "$manager"`,
        sh`if [ "$manager" = systemd ]; then
${raw(systemdScript(args))}
else
${raw(initScript(args))}
fi`,
      ),
      read(answer: ExecResult) {
        const manager = readSections(answer).word('manager');
        const seen = manager === 'systemd' ? readSystemd(args, answer) : readInit(args, answer);
        return (seen as Map<Resource, State>).set('service-manager:', { name: manager });
      },
    };
  },
  plan(args, seen) {
    const manager = managerOf(seen);
    if (manager !== 'systemd') return planInit(args, seen, manager);
    const unused = [
      ['pattern', args.pattern !== undefined],
      ['runlevel', args.runlevel !== 'default'],
      ['sleep', args.sleep !== undefined],
      ['arguments', args.arguments !== ''],
    ].filter(([, given]) => given);
    const plan = planSystemd(args, seen);
    if (unused.length === 0) return plan;
    return { ...plan, warnings: unused.map(([name]) => `Ignoring "${name}" as it is not used in "systemd"`) };
  },
});
