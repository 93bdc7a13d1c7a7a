// Arguments that systemd's units take, beside what every service has.

import type { Schema } from '../../../engine/module/schema.ts';

export const serviceState = {
  type: 'str',
  choices: ['reloaded', 'restarted', 'started', 'stopped'],
  doc: 'What it should be or do.',
} as const;

export const serviceEnabled = { type: 'bool', doc: 'Starts with the system.' } as const;

export const unitSchema = {
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
} as const satisfies Schema;
