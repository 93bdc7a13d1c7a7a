// The arguments of user.

import type { ArgsOf, Schema } from '../../../engine/module/schema.ts';

export const userSchema = {
  name: { type: 'str', required: true, aliases: ['user'], doc: 'The user.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'There or gone.' },
  uid: { type: 'int', doc: 'Its number.' },
  non_unique: { type: 'bool', default: false, doc: 'Takes a number that another user has.' },
  comment: { type: 'str', doc: 'The full name (GECOS).' },
  group: { type: 'str', doc: 'Primary group, name or number.' },
  groups: { type: 'list', elements: 'str', doc: 'Further groups; an empty text means none.' },
  append: { type: 'bool', default: false, doc: 'Adds to the groups instead of replacing them.' },
  home: { type: 'path', doc: 'Home folder.' },
  create_home: {
    type: 'bool',
    default: true,
    aliases: ['createhome'],
    doc: 'Makes the home folder when it is missing.',
  },
  move_home: { type: 'bool', default: false, doc: 'Moves the contents when home changes.' },
  skeleton: { type: 'str', doc: 'Folder whose contents go into a new home; needs create_home.' },
  umask: { type: 'str', doc: 'Umask for a new home.' },
  shell: { type: 'path', doc: 'Login shell.' },
  password: { type: 'str', secret: true, doc: 'Hash of the password, as /etc/shadow holds it.' },
  update_password: {
    type: 'str',
    default: 'always',
    choices: ['always', 'on_create'],
    doc: 'Sets it always, or only for a new user.',
  },
  password_lock: { type: 'bool', doc: 'Locks or unlocks the password.' },
  password_expire_max: { type: 'int', doc: 'Most days between changes of the password.' },
  password_expire_min: { type: 'int', doc: 'Fewest days between changes of the password.' },
  password_expire_warn: { type: 'int', doc: 'Days of warning before it expires.' },
  password_expire_account_disable: { type: 'int', doc: 'Days after it expired until the account is disabled.' },
  expires: { type: 'float', doc: 'When the account expires, in seconds since the epoch; negative means never.' },
  system: { type: 'bool', default: false, doc: 'A system account, when it is made.' },
  uid_min: { type: 'int', doc: 'Lowest number to choose from.' },
  uid_max: { type: 'int', doc: 'Highest number to choose from.' },
  local: { type: 'bool', default: false, doc: "Looks only at the host's own files and uses the luser* commands." },
  seuser: { type: 'str', doc: 'SELinux user.' },
  force: { type: 'bool', default: false, doc: 'Removes even what is in use; replaces an SSH key.' },
  remove: { type: 'bool', default: false, doc: 'Removes home and mail too.' },
  generate_ssh_key: { type: 'bool', default: false, doc: 'Makes an SSH key for the user.' },
  ssh_key_type: { type: 'str', default: 'rsa', doc: 'Its type.' },
  ssh_key_bits: { type: 'int', doc: 'Its length.' },
  ssh_key_file: { type: 'path', doc: 'Where it goes, relative to home; `.ssh/id_TYPE`.' },
  ssh_key_comment: { type: 'str', doc: '`ansible-generated on HOSTNAME` when not given.' },
  ssh_key_passphrase: { type: 'str', secret: true, doc: 'Its passphrase; none when not given.' },
  authorization: { type: 'str', doc: 'Of Solaris; a warning elsewhere.' },
  profile: { type: 'str', doc: 'Of Solaris; a warning elsewhere.' },
  role: { type: 'str', doc: 'Of Solaris; a warning elsewhere.' },
  login_class: { type: 'str', doc: 'Of the BSDs; a warning elsewhere.' },
  hidden: { type: 'bool', doc: 'Of macOS; a warning elsewhere.' },
} as const satisfies Schema;

export type UserArgs = ArgsOf<typeof userSchema>;

/** Arguments that mean something on other systems only. */
export const FOREIGN = ['authorization', 'profile', 'role', 'login_class', 'hidden'] as const;
