// systemd: units and the manager itself, by systemctl.

import { defineModule } from '../engine/module/contract.ts';
import { NOTHING } from '../engine/module/sh.ts';
import { serviceEnabled, serviceState, unitSchema } from './shared/service/schema.ts';
import { planSystemd, readSystemd, systemdScript } from './shared/service/systemd.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Starts, stops, enables and masks units of systemd.',
    notes: ['A dry run knows units that an earlier task of the run would install or write.'],
    examples: `
- name: Runs now and after every boot
  systemd:
    name: cron
    state: started
    enabled: true
- name: systemd has to read a changed unit file
  systemd:
    daemon_reload: true
`,
    returns: {
      status: 'What systemctl show said before.',
      state: 'The state that was asked for.',
      enabled: 'Likewise.',
    },
  },
  schema: {
    name: { type: 'str', aliases: ['service', 'unit'], doc: 'The unit; without a suffix a service.' },
    state: serviceState,
    enabled: serviceEnabled,
    ...unitSchema,
  },
  rules: {
    requiredOneOf: [['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec']],
    requiredBy: { state: ['name'], enabled: ['name'], masked: ['name'] },
  },
  inspect: (args) => ({
    kind: 'question',
    script: args.name === undefined ? NOTHING : systemdScript(args),
    read: (answer) => readSystemd(args, answer),
  }),
  plan: (args, seen) => planSystemd(args, seen),
});
