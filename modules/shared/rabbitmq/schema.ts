// The arguments of rabbitmqctl, and which verb needs which.

import type { ArgsOf, Schema } from '../../../engine/module/schema.ts';

const VERBS = [
  'add_user',
  'delete_user',
  'change_password',
  'set_user_tags',
  'set_permissions',
  'clear_permissions',
  'add_vhost',
  'delete_vhost',
  'set_policy',
  'clear_policy',
  'enable_feature_flag',
  'authenticate_user',
  'list_users',
  'list_vhosts',
  'list_permissions',
  'status',
  'await_startup',
] as const;
export type Verb = (typeof VERBS)[number];

export const rabbitSchema = {
  verb: { type: 'str', required: true, choices: VERBS, doc: 'What to do, as rabbitmqctl names it.' },
  user: { type: 'str', aliases: ['name'], doc: 'The user.' },
  password: { type: 'str', secret: true, doc: 'The password.' },
  update_password: {
    type: 'str',
    default: 'always',
    choices: ['always', 'on_create'],
    doc: 'add_user: sets the password of a user that is there too.',
  },
  tags: { type: 'list', elements: 'str', doc: 'add_user, set_user_tags: the tags.' },
  vhost: { type: 'str', default: '/', doc: 'The virtual host.' },
  configure: { type: 'str', default: '.*', doc: 'set_permissions: pattern of what may be configured.' },
  write: { type: 'str', default: '.*', doc: 'set_permissions: pattern of what may be written.' },
  read: { type: 'str', default: '.*', doc: 'set_permissions: pattern of what may be read.' },
  policy: { type: 'str', doc: 'set_policy, clear_policy: its name.' },
  pattern: { type: 'str', doc: 'set_policy: what it applies to.' },
  definition: { type: 'dict', doc: 'set_policy: what it says.' },
  priority: { type: 'int', default: 0, doc: 'set_policy: its priority.' },
  apply_to: {
    type: 'str',
    default: 'all',
    choices: ['all', 'queues', 'exchanges'],
    doc: 'set_policy: the kind of things it applies to.',
  },
  flag: { type: 'str', doc: 'enable_feature_flag: its name, or `all`.' },
  node: { type: 'str', doc: 'The node, `rabbit@host`.' },
  timeout: { type: 'int', default: 60, doc: 'Seconds that a command may take.' },
} as const satisfies Schema;

export type RabbitArgs = ArgsOf<typeof rabbitSchema>;

export const NEEDS: Readonly<Partial<Record<Verb, readonly (keyof RabbitArgs)[]>>> = {
  add_user: ['user', 'password'],
  delete_user: ['user'],
  change_password: ['user', 'password'],
  set_user_tags: ['user', 'tags'],
  set_permissions: ['user'],
  clear_permissions: ['user'],
  set_policy: ['policy', 'pattern', 'definition'],
  clear_policy: ['policy'],
  enable_feature_flag: ['flag'],
  authenticate_user: ['user', 'password'],
};
