// The options of ansible-playbook as a table: help, parsing and completion come from it. What this version cannot do is
// in the table too, so that it is refused by its name.

export interface OptionSpec {
  /** All spellings, short ones first. */
  readonly flags: readonly string[];
  /** The placeholder of its argument; none for a switch. */
  readonly takes?: string;
  readonly repeatable?: true;
  readonly kind?: 'int';
  readonly field: string;
  readonly doc: string;
  readonly group?: 'connection' | 'escalation';
  /** Accepted by Ansible, not by us yet. */
  readonly later?: true;
}

export const PLAYBOOK_OPTIONS = [
  { flags: ['-h', '--help'], field: 'help', doc: 'show this help and exit' },
  {
    flags: ['--version'],
    field: 'version',
    doc: 'show the version, the configuration file and where things are, and exit',
  },
  { flags: ['-v', '--verbose'], field: 'verbose', repeatable: true, doc: 'say more; up to -vvvvvv' },
  {
    flags: ['-i', '--inventory', '--inventory-file'],
    takes: 'INVENTORY',
    repeatable: true,
    field: 'inventory',
    doc: 'inventory: a file, a folder, a program, or hosts with commas between (`host,`)',
  },
  {
    flags: ['-l', '--limit'],
    takes: 'SUBSET',
    field: 'limit',
    doc: 'only hosts that match this pattern as well; @FILE reads it from a file',
  },
  {
    flags: ['-e', '--extra-vars'],
    takes: 'EXTRA_VARS',
    repeatable: true,
    field: 'extraVars',
    doc: 'variables above all others: key=value, YAML, JSON or @FILE',
  },
  {
    flags: ['-t', '--tags'],
    takes: 'TAGS',
    repeatable: true,
    field: 'tags',
    doc: 'only plays and tasks with one of these tags',
  },
  {
    flags: ['--skip-tags'],
    takes: 'SKIP_TAGS',
    repeatable: true,
    field: 'skipTags',
    doc: 'no plays and tasks with one of these tags',
  },
  { flags: ['-C', '--check'], field: 'check', doc: 'change nothing; foretell what would change' },
  { flags: ['-D', '--diff'], field: 'diff', doc: 'show how files would change' },
  {
    flags: ['-f', '--forks'],
    takes: 'FORKS',
    kind: 'int',
    field: 'forks',
    doc: 'hosts that are worked on at the same time (5)',
  },
  { flags: ['--list-hosts'], field: 'listHosts', doc: 'list the hosts of each play and do nothing else' },
  { flags: ['--list-tasks'], field: 'listTasks', doc: 'list the tasks of each play and do nothing else' },
  { flags: ['--list-tags'], field: 'listTags', doc: 'list the tags of each play and do nothing else' },
  { flags: ['--syntax-check'], field: 'syntaxCheck', doc: 'read the playbook and do nothing else' },
  { flags: ['--start-at-task'], takes: 'START_AT_TASK', field: 'startAtTask', doc: 'begin at the task of this name' },
  { flags: ['--step'], field: 'step', doc: 'ask before each task' },
  { flags: ['--force-handlers'], field: 'forceHandlers', doc: 'run handlers on failed hosts too' },
  { flags: ['--flush-cache'], field: 'flushCache', doc: 'forget cached facts' },
  {
    flags: ['-M', '--module-path'],
    takes: 'MODULE_PATH',
    repeatable: true,
    field: 'modulePath',
    doc: 'folders of modules of your own',
  },
  { flags: ['--vault-id'], takes: 'VAULT_IDS', repeatable: true, field: 'vaultId', doc: 'vault identity' },
  {
    flags: ['--vault-password-file', '--vault-pass-file'],
    takes: 'VAULT_PASSWORD_FILES',
    repeatable: true,
    field: 'vaultPasswordFile',
    doc: 'file with a vault password',
  },
  {
    flags: ['-J', '--ask-vault-password', '--ask-vault-pass'],
    field: 'askVaultPass',
    doc: 'ask for the vault password',
  },
  { flags: ['-u', '--user'], takes: 'REMOTE_USER', field: 'user', group: 'connection', doc: 'log in as this user' },
  {
    flags: ['-c', '--connection'],
    takes: 'CONNECTION',
    field: 'connection',
    group: 'connection',
    doc: 'kind of connection (ssh)',
  },
  {
    flags: ['-T', '--timeout'],
    takes: 'TIMEOUT',
    kind: 'int',
    field: 'timeout',
    group: 'connection',
    doc: 'seconds to wait for a connection (10)',
  },
  {
    flags: ['--private-key', '--key-file'],
    takes: 'PRIVATE_KEY_FILE',
    field: 'privateKey',
    group: 'connection',
    doc: 'log in with this key',
  },
  {
    flags: ['--ssh-common-args'],
    takes: 'SSH_COMMON_ARGS',
    field: 'sshCommonArgs',
    group: 'connection',
    doc: 'further options of ssh (-o ProxyJump=...)',
  },
  {
    flags: ['--ssh-extra-args'],
    takes: 'SSH_EXTRA_ARGS',
    field: 'sshExtraArgs',
    group: 'connection',
    doc: 'further options of ssh',
  },
  {
    flags: ['--sftp-extra-args'],
    takes: 'SFTP_EXTRA_ARGS',
    field: 'sftpExtraArgs',
    group: 'connection',
    later: true,
    doc: 'options of sftp',
  },
  {
    flags: ['--scp-extra-args'],
    takes: 'SCP_EXTRA_ARGS',
    field: 'scpExtraArgs',
    group: 'connection',
    later: true,
    doc: 'options of scp',
  },
  { flags: ['-k', '--ask-pass'], field: 'askPass', group: 'connection', doc: 'ask for the login password' },
  {
    flags: ['--connection-password-file', '--conn-pass-file'],
    takes: 'CONNECTION_PASSWORD_FILE',
    field: 'connectionPasswordFile',
    group: 'connection',
    doc: 'file with the login password',
  },
  { flags: ['-b', '--become'], field: 'become', group: 'escalation', doc: 'work as another user' },
  {
    flags: ['--become-method'],
    takes: 'BECOME_METHOD',
    field: 'becomeMethod',
    group: 'escalation',
    doc: 'how to become that user (sudo)',
  },
  {
    flags: ['--become-user'],
    takes: 'BECOME_USER',
    field: 'becomeUser',
    group: 'escalation',
    doc: 'which user to become (root)',
  },
  {
    flags: ['-K', '--ask-become-pass'],
    field: 'askBecomePass',
    group: 'escalation',
    doc: 'ask for the password of becoming',
  },
  {
    flags: ['--become-password-file', '--become-pass-file'],
    takes: 'BECOME_PASSWORD_FILE',
    field: 'becomePasswordFile',
    group: 'escalation',
    doc: 'file with that password',
  },
] as const satisfies readonly OptionSpec[];

type Entry = (typeof PLAYBOOK_OPTIONS)[number];
type Parsed<E extends Entry> = E extends { kind: 'int' }
  ? number | undefined
  : E extends { takes: string; repeatable: true }
    ? readonly string[]
    : E extends { takes: string }
      ? string | undefined
      : E extends { repeatable: true }
        ? number
        : boolean;

/** The options as given: switches are bools, -v is counted, repeatable ones are lists. */
export type PlaybookOptions = { readonly [E in Entry as E['field']]: Parsed<E> };

/** Options that exclude each other. */
export const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ['--connection-password-file', '-k'],
  ['--become-password-file', '-K'],
  ['--vault-password-file', '-J'],
];
