// What all that was said about one ssh connection comes to: the variables of Ansible, the words of ssh_args, the
// ssh_config files, ssh's own defaults; and which of it only the system's `ssh` can do.

import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSpec } from './contract.ts';
import { parseSshArguments } from './sshargs.ts';
import { readConfig } from './sshconfig.ts';
import { shellWords } from './words.ts';

export type HostKeyPolicy = 'strict' | 'accept-new' | 'off';

export interface SshSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Key files in the order to try; the first ones were named by someone. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Socket of the agent; undefined: none. */
  readonly agent: string | undefined;
  readonly forwardAgent: boolean;
  /** Hops on the way, nearest first: `[user@]host[:port]`. */
  readonly jumps: readonly string[];
  readonly knownHostsFiles: readonly string[];
  readonly hostKeyPolicy: HostKeyPolicy;
  /** The name under which host keys are looked up. */
  readonly hostKeyName: string;
  readonly hostKeyPort: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly keepaliveInterval: number;
  readonly keepaliveCount: number;
  readonly family: 0 | 4 | 6;
  readonly methods: { readonly publickey: boolean; readonly password: boolean; readonly interactive: boolean };
  readonly environment: Readonly<Record<string, string>>;
  /** What only the system's `ssh` can do, by name. */
  readonly beyond: readonly string[];
}

/** Keywords that the in-process path honours. */
const HONOURED = new Set(
  `hostname user port identityfile identitiesonly identityagent forwardagent proxyjump proxycommand userknownhostsfile
  globalknownhostsfile stricthostkeychecking hostkeyalias connecttimeout connectionattempts serveraliveinterval
  serveralivecountmax addressfamily preferredauthentications passwordauthentication pubkeyauthentication
  kbdinteractiveauthentication challengeresponseauthentication sendenv setenv gssapiauthentication certificatefile
  hostbasedauthentication canonicalizehostname`.split(/\s+/),
);
/** Keywords that change nothing for a session like ours: multiplexing is its own, there is no terminal and no user. */
const IMMATERIAL = new Set(
  `controlmaster controlpath controlpersist compression batchmode hashknownhosts loglevel visualhostkey tcpkeepalive
  checkhostip updatehostkeys numberofpasswordprompts escapechar requesttty exitonforwardfailure forwardx11 forwardx11trusted
  forwardx11timeout xauthlocation addkeystoagent usekeychain ignoreunknown fingerprinthash nohostauthenticationforlocalhost
  verifyhostkeydns gssapidelegatecredentials gssapikeyexchange gssapitrustdns stricthostkeychecking ipqos permitlocalcommand
  localcommand clearallforwardings gatewayports streamlocalbindmask streamlocalbindunlink stdinnull forkafterauthentication
  sessiontype tunnel tunneldevice logverbose syslogfacility enableescapecommandline pubkeyacceptedalgorithms
  pubkeyacceptedkeytypes obscurekeystroketiming requiredrsasize`.split(/\s+/),
);
const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/** Settles everything for one host. Reads files of the controller; throws nothing. */
export function settle(spec: ConnectionSpec): SshSettings {
  const me = userInfo();
  const home = me.homedir || homedir();
  const given = parseSshArguments(spec.sshArgs);
  const files =
    given.configFile === undefined
      ? [join(home, '.ssh/config'), '/etc/ssh/ssh_config']
      : given.configFile === 'none'
        ? []
        : [given.configFile];
  const options = new Map([...given.options].map(([keyword, values]) => [keyword, [...values]]));
  const config = readConfig(
    files,
    { host: spec.address, user: spec.user, localUser: me.username, home },
    {
      options,
      undecided: [],
    },
  );
  const first = (keyword: string): string | undefined => config.options.get(keyword)?.[0];
  const isYes = (keyword: string, standard: boolean): boolean =>
    first(keyword) === undefined ? standard : /^(?:yes|true)$/i.test(first(keyword)!);

  const host = (first('hostname') ?? spec.address).replaceAll('%h', spec.address).replaceAll('%%', '%');
  const port = spec.port ?? Number(first('port') ?? 22);
  const user = spec.user ?? first('user') ?? me.username;
  const expand = (path: string): string =>
    tokens(path, { home, host, port, user, local: me.username, given: spec.address });
  const paths = (keyword: string, standard: readonly string[]): string[] =>
    (first(keyword) === undefined ? standard : shellWords(first(keyword)!))
      .filter((path) => path !== 'none')
      .map(expand);

  const named = [
    ...(spec.privateKeyFile === undefined ? [] : [spec.privateKeyFile]),
    ...(config.options.get('identityfile') ?? []),
  ];
  const identityFiles = (named.length > 0 ? named : DEFAULT_KEYS.map((name) => join(home, '.ssh', name)))
    .filter((path) => path !== 'none')
    .map((path) => expand(path));
  const proxyCommand = first('proxycommand');
  const proxyJump = first('proxyjump');
  const jumps = proxyJump === undefined || proxyJump === 'none' ? [] : proxyJump.split(',').map((hop) => hop.trim());
  const alias = first('hostkeyalias');

  return {
    host,
    port,
    user,
    identityFiles,
    identitiesOnly: isYes('identitiesonly', false),
    agent: agentSocket(first('identityagent'), expand),
    forwardAgent: isYes('forwardagent', false),
    jumps,
    knownHostsFiles: [
      ...paths('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      ...paths('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    ],
    hostKeyPolicy: policy(spec.hostKeyChecking, first('stricthostkeychecking')),
    hostKeyName: alias ?? host,
    hostKeyPort: alias === undefined ? port : 22,
    connectTimeout: 1000 * (Number.parseInt(first('connecttimeout') ?? '', 10) || spec.timeout),
    keepaliveInterval: 1000 * (Number.parseInt(first('serveraliveinterval') ?? '', 10) || 10),
    keepaliveCount: Number.parseInt(first('serveralivecountmax') ?? '', 10) || 3,
    family: first('addressfamily') === 'inet' ? 4 : first('addressfamily') === 'inet6' ? 6 : 0,
    methods: authMethods(first('preferredauthentications'), isYes),
    environment: environment(config.options),
    beyond: [
      ...config.undecided,
      ...given.foreign,
      ...[...config.options.keys()].filter((keyword) => !HONOURED.has(keyword) && !IMMATERIAL.has(keyword)),
      // The first of the two that is set counts.
      ...(proxyCommand !== undefined && proxyCommand !== 'none' ? ['ProxyCommand'] : []),
      ...(first('certificatefile') === undefined ? [] : ['CertificateFile']),
      ...(isYes('hostbasedauthentication', false) ? ['HostbasedAuthentication'] : []),
      ...(/^(?:yes|always)$/i.test(first('canonicalizehostname') ?? 'no') ? ['CanonicalizeHostname'] : []),
      ...(isYes('gssapiauthentication', false) && hasTicket(me.uid) ? ['GSSAPIAuthentication'] : []),
      ...identityFiles.flatMap(specialKey),
    ],
  };
}

function policy(checking: boolean, configured: string | undefined): HostKeyPolicy {
  if (!checking) return 'off';
  if (configured === 'accept-new') return 'accept-new';
  return configured === 'no' || configured === 'off' ? 'off' : 'strict';
}

function agentSocket(configured: string | undefined, expand: (path: string) => string): string | undefined {
  if (configured === 'none') return undefined;
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'] || undefined;
  if (configured.startsWith('$')) return process.env[configured.slice(1)] || undefined;
  return expand(configured);
}

function authMethods(
  preferred: string | undefined,
  isYes: (keyword: string, standard: boolean) => boolean,
): SshSettings['methods'] {
  const listed = preferred?.split(',').map((name) => name.trim());
  const may = (name: string): boolean => listed === undefined || listed.includes(name);
  return {
    publickey: may('publickey') && isYes('pubkeyauthentication', true),
    password: may('password') && isYes('passwordauthentication', true),
    interactive:
      may('keyboard-interactive') &&
      isYes('kbdinteractiveauthentication', isYes('challengeresponseauthentication', true)),
  };
}

function environment(options: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const pattern of (options.get('sendenv') ?? []).flatMap(shellWords)) {
    const matcher = new RegExp(
      `^${pattern
        .replace(/[^A-Za-z0-9_*?]/g, '')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    for (const [name, value] of Object.entries(process.env)) if (matcher.test(name)) sent[name] = value ?? '';
  }
  for (const pair of shellWords(options.get('setenv')?.[0] ?? '')) {
    const at = pair.indexOf('=');
    if (at > 0) sent[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return sent;
}

function hasTicket(uid: number): boolean {
  return process.env['KRB5CCNAME'] !== undefined || existsSync(`/tmp/krb5cc_${uid}`);
}

/** A certificate beside a key, or a key that lives in a token: ssh2 can use neither. */
function specialKey(path: string): string[] {
  if (existsSync(`${path}-cert.pub`)) return [`certificate ${path}-cert.pub`];
  try {
    if (readFileSync(`${path}.pub`, 'utf8').startsWith('sk-')) return [`security key ${path}`];
  } catch {
    return [];
  }
  return [];
}

function tokens(
  path: string,
  known: { home: string; host: string; port: number; user: string; local: string; given: string },
): string {
  const home = path.startsWith('~/') ? join(known.home, path.slice(2)) : path;
  const values: Record<string, string> = {
    '%': '%',
    d: known.home,
    h: known.host,
    n: known.given,
    p: String(known.port),
    r: known.user,
    u: known.local,
  };
  return home
    .replace(/%([%dhnpru])/g, (_, letter: string) => values[letter]!)
    .replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '');
}
