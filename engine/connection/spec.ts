// How a host is to be reached, out of its variables, the task's keywords and the settings: one table of Ansible's names.

import { ConnectionError } from '../model/errors.ts';
import { Float, keyText, OMIT, type Value } from '../model/value.ts';
import type { Become, ConnectionSpec } from './contract.ts';
import { shellWords } from './words.ts';

/** Keywords of the task, rendered; undefined where no level has set them. */
export interface ConnectionKeywords {
  readonly connection?: string | undefined;
  readonly remoteUser?: string | undefined;
  readonly port?: number | undefined;
  readonly become?: boolean | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeFlags?: string | undefined;
  readonly becomeExe?: string | undefined;
}

/** What the command line, the environment and ansible.cfg say; undefined where they say nothing. */
export interface ConnectionSettings {
  /** `-c`, `transport`: default ssh. */
  readonly connection?: string | undefined;
  readonly remoteUser?: string | undefined;
  readonly remotePort?: number | undefined;
  /** `-k`, `--connection-password-file`. */
  readonly password?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly hostKeyChecking?: boolean | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly retries?: number | undefined;
  readonly sshArgs?: string | undefined;
  readonly sshCommonArgs?: string | undefined;
  readonly sshExtraArgs?: string | undefined;
  readonly sshExecutable?: string | undefined;
  readonly executable?: string | undefined;
  readonly remoteTmp?: string | undefined;
  readonly become?: boolean | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeFlags?: string | undefined;
  readonly becomeExe?: string | undefined;
  /** `-K`, `--become-password-file`. */
  readonly becomePassword?: string | undefined;
}

/** Variables by meaning; where several are set, the last one counts, as in Ansible. */
const VARIABLES = {
  connection: ['ansible_connection'],
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  privateKeyFile: ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
  privateKeyPassphrase: ['ansible_private_key_passphrase', 'ansible_ssh_private_key_passphrase'],
  sshArgs: ['ansible_ssh_args'],
  sshCommonArgs: ['ansible_ssh_common_args'],
  sshExtraArgs: ['ansible_ssh_extra_args'],
  hostKeyChecking: ['ansible_host_key_checking', 'ansible_ssh_host_key_checking'],
  timeout: ['ansible_timeout', 'ansible_ssh_timeout'],
  retries: ['ansible_ssh_retries'],
  executable: ['ansible_shell_executable'],
  remoteTmp: ['ansible_remote_tmp'],
  become: ['ansible_become'],
  becomeMethod: ['ansible_become_method'],
  pkcs11Provider: ['ansible_ssh_pkcs11_provider'],
  shellType: ['ansible_shell_type'],
} as const;

/** Become variables end in these for every method: `ansible_become_user`, `ansible_sudo_user`, `ansible_su_user` ... */
const BECOME_SUFFIXES = {
  user: ['become_user', 'METHOD_user'],
  password: ['become_password', 'become_pass', 'METHOD_pass'],
  flags: ['become_flags', 'METHOD_flags'],
  exe: ['become_exe', 'METHOD_exe'],
} as const;

/** Variables that a transport reads by their own name. */
const EXTRA = [
  'ansible_ssh_executable',
  'ansible_private_key',
  'ansible_ssh_private_key',
  'ansible_chroot_exe',
] as const;

/** Where Ansible's own default multiplexes connections, ours need no help. */
const DEFAULT_SSH_ARGS = '-C -o ControlMaster=auto -o ControlPersist=60s';

/**
 * How to reach a host: variables before keywords before settings, as in Ansible.
 * `lookup` gives a variable of that host (the delegate's, when delegated), rendered. Throws ConnectionError for a value
 * that cannot be meant.
 */
export function connectionSpec(
  lookup: (name: string) => Value | undefined,
  keywords: ConnectionKeywords,
  settings: ConnectionSettings,
  host: { readonly name: string },
): ConnectionSpec {
  const text = (names: readonly string[]): string | undefined => {
    for (const name of [...names].reverse()) {
      const value = lookup(name);
      if (value !== undefined && value !== null && value !== OMIT && value !== '') return scalar(name, value);
    }
    return undefined;
  };
  const number = (names: readonly string[]): number | undefined => {
    const found = text(names);
    if (found === undefined) return undefined;
    if (!/^\d+(?:\.\d+)?$/.test(found)) throw unfit(names.join(' or '), found, 'a number');
    return Number(found);
  };
  const truth = (names: readonly string[]): boolean | undefined => {
    const found = text(names);
    return found === undefined ? undefined : truthOf(names.join(' or '), found);
  };

  const shellType = text(VARIABLES.shellType);
  if (shellType === 'powershell' || shellType === 'cmd') {
    throw new ConnectionError('unsupported', `ansible_shell_type ${shellType}: Windows hosts are not supported`);
  }
  const port = number(VARIABLES.port) ?? keywords.port ?? settings.remotePort;
  if (port !== undefined && (port < 1 || port > 65_535)) throw unfit('port', String(port), 'a port');
  const provider = text(VARIABLES.pkcs11Provider);
  const extra: Record<string, string> = {};
  if (settings.sshExecutable !== undefined) extra['ansible_ssh_executable'] = settings.sshExecutable;
  for (const name of EXTRA) {
    const value = text([name]);
    if (value !== undefined) extra[name] = value;
  }

  return {
    transport: text(VARIABLES.connection) ?? keywords.connection ?? settings.connection ?? 'ssh',
    host: host.name,
    address: text(VARIABLES.address) ?? host.name,
    port,
    user: text(VARIABLES.user) ?? keywords.remoteUser ?? settings.remoteUser,
    password: text(VARIABLES.password) ?? (settings.password || undefined),
    privateKeyFile: text(VARIABLES.privateKeyFile) ?? settings.privateKeyFile,
    privateKeyPassphrase: text(VARIABLES.privateKeyPassphrase),
    sshArgs: [
      ...shellWords(text(VARIABLES.sshArgs) ?? settings.sshArgs ?? DEFAULT_SSH_ARGS),
      ...(provider === undefined ? [] : ['-o', `PKCS11Provider=${provider}`]),
      ...shellWords(text(VARIABLES.sshCommonArgs) ?? settings.sshCommonArgs ?? ''),
      ...shellWords(text(VARIABLES.sshExtraArgs) ?? settings.sshExtraArgs ?? ''),
    ],
    hostKeyChecking: truth(VARIABLES.hostKeyChecking) ?? settings.hostKeyChecking ?? true,
    timeout: number(VARIABLES.timeout) ?? settings.timeout ?? 10,
    retries: number(VARIABLES.retries) ?? settings.retries ?? 0,
    executable: text(VARIABLES.executable) ?? settings.executable ?? '/bin/sh',
    remoteTmp: text(VARIABLES.remoteTmp) ?? settings.remoteTmp ?? '~/.ansible/tmp',
    become:
      (truth(VARIABLES.become) ?? keywords.become ?? settings.become) ? become(text, keywords, settings) : undefined,
    extra,
  };
}

function become(
  text: (names: readonly string[]) => string | undefined,
  keywords: ConnectionKeywords,
  settings: ConnectionSettings,
): Become {
  const given = text(VARIABLES.becomeMethod) ?? keywords.becomeMethod ?? settings.becomeMethod ?? 'sudo';
  const method = given.replace(/^(?:ansible\.builtin|ansible\.legacy|community\.general)\./, '');
  const of = (suffixes: readonly string[]): string | undefined =>
    text(suffixes.map((suffix) => `ansible_${suffix.replace('METHOD', method)}`));
  const flags = of(BECOME_SUFFIXES.flags) ?? keywords.becomeFlags ?? settings.becomeFlags;
  const folder = method === 'sudo' ? text(['ansible_sudo_chdir']) : undefined;
  return {
    method,
    user: of(BECOME_SUFFIXES.user) ?? keywords.becomeUser ?? settings.becomeUser ?? 'root',
    password: of(BECOME_SUFFIXES.password) ?? (settings.becomePassword || undefined),
    flags: folder === undefined ? flags : `${flags ?? '-H -S -n'} '--chdir=${folder}'`,
    exe: of(BECOME_SUFFIXES.exe) ?? keywords.becomeExe ?? settings.becomeExe,
  };
}

function scalar(name: string, value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Float)
    return keyText(value);
  throw unfit(name, Array.isArray(value) ? 'a list' : 'a value of another type', 'text or a number');
}

function truthOf(name: string, text: string): boolean {
  if (/^(?:y|yes|on|1|1\.0|true|t)$/i.test(text)) return true;
  if (/^(?:n|no|off|0|0\.0|false|f)$/i.test(text)) return false;
  throw unfit(name, text, 'a boolean');
}

function unfit(name: string, value: string, wanted: string): ConnectionError {
  return new ConnectionError('unsupported', `${name}: "${value}" is not ${wanted}`);
}
