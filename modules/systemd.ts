// systemd: units and the manager itself, by systemctl.

import { defineModule } from '../engine/module/contract.ts';
import { NOTHING } from '../engine/module/sh.ts';
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
    state: { type: 'str', choices: ['reloaded', 'restarted', 'started', 'stopped'], doc: 'What it should be or do.' },
    enabled: { type: 'bool', doc: 'Starts with the system.' },
    masked: { type: 'bool', doc: 'Cannot be started at all.' },
    force: { type: 'bool', doc: 'Replaces links of other units.' },
    daemon_reload: {
      type: 'bool',
      default: false,
      aliases: ['daemon-reload'],
      doc: 'Has unit files read again first.',
    },
    daemon_reexec: {
      type: 'bool',
      default: false,
      aliases: ['daemon-reexec'],
      doc: 'Has systemd start itself anew first.',
    },
    scope: { type: 'str', default: 'system', choices: ['system', 'user', 'global'], doc: 'Whose manager.' },
    no_block: { type: 'bool', default: false, doc: 'Does not wait until it is done.' },
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
