// wait_for: until a port is open or closed, a file is there or gone, a text appears in one of them, or a port has no
// connections left. The engine keeps the time.

import type { Json, JsonObject } from '../engine/model/value.ts';
import {
  type Action,
  defineModule,
  ModuleFailure,
  type Plan,
  type Question,
  type StepResult,
} from '../engine/module/contract.ts';
import type { ArgsOf } from '../engine/module/schema.ts';
import { NOTHING, raw, type Script, sh } from '../engine/module/sh.ts';
import { decode } from './shared/bytes.ts';
import { posixRegex } from './shared/ere.ts';
import { glance, LOOK, readLook, register, seenAt } from './shared/look.ts';
import { pathWord } from './shared/path.ts';
import { pythonRegex } from './shared/regex.ts';
import { drained } from './shared/sockets.ts';

const schema = {
  host: { type: 'str', default: '127.0.0.1', doc: 'Host of the port, as seen from the host that waits.' },
  port: { type: 'int', doc: 'Port to wait for.' },
  path: { type: 'path', doc: 'File to wait for.' },
  search_regex: {
    type: 'str',
    doc: 'Expression to wait for, in the file or from the port; in the language of Python.',
  },
  state: {
    type: 'str',
    choices: ['absent', 'drained', 'present', 'started', 'stopped'],
    default: 'started',
    doc: 'What is waited for.',
  },
  timeout: { type: 'int', default: 300, doc: 'Seconds at most; with neither port nor path, how long to wait.' },
  delay: { type: 'int', default: 0, doc: 'Seconds before the first look.' },
  sleep: { type: 'int', default: 1, doc: 'Seconds between looks.' },
  connect_timeout: { type: 'int', default: 5, doc: 'Seconds that one connection may take.' },
  active_connection_states: {
    type: 'list',
    elements: 'str',
    default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
    doc: 'States of connections that count (drained).',
  },
  exclude_hosts: { type: 'list', elements: 'str', doc: 'Addresses of peers that do not count (drained).' },
  msg: { type: 'str', doc: 'What to say when the time is over.' },
} as const;

type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Waits until a port, a file or a text is as wanted.',
    notes: ['A dry run skips it, as it does in Ansible.', '`drained` reads /proc/net/tcp: it needs a Linux host.'],
    examples: `- name: Until the database takes connections
  wait_for:
    port: 3306
    timeout: 60

- name: Until the lock is gone
  wait_for:
    path: /var/lock/app.lock
    state: absent

- name: Until the log says so
  ansible.builtin.wait_for:
    path: /var/log/app.log
    search_regex: 'started in (\\d+) ms'
  register: started

- name: Until nobody but the proxy is connected
  wait_for:
    host: 0.0.0.0
    port: 8080
    state: drained
    exclude_hosts: [10.0.0.1]
`,
    returns: {
      elapsed: 'Seconds that it took.',
      state: 'What was waited for.',
      port: 'The port.',
      path: 'The file.',
      search_regex: 'The expression.',
      match_groups: 'What its groups matched.',
      match_groupdict: 'What its named groups matched.',
    },
  },
  schema,
  inspect: (args) => askForPerl(args),
  plan(args, seen): Plan {
    check(args);
    if (seen.get('fact:perl') === false) {
      throw new ModuleFailure(`the host's grep cannot search for '${args.search_regex}': it needs one that knows -P`);
    }
    return {
      kind: 'plan',
      actions: [actionOf(args)],
      pending: {},
      conclude([output]) {
        const data = told(args, output!);
        return args.path === undefined || args.state === 'absent' ? data : describing(args.path, data);
      },
    };
  },
});

/** Perl's expressions are asked for only where POSIX's do not reach. */
function askForPerl(args: Args): Question {
  const needed =
    args.path !== undefined && args.search_regex !== undefined && posixRegex(args.search_regex) === undefined;
  return {
    kind: 'question',
    script: needed ? sh`echo a | grep -Pq 'a(?=$)' 2>/dev/null && echo yes` : NOTHING,
    read: (answer) => new Map([['fact:perl', answer.rc === 0]]),
  };
}

/** Throws ModuleFailure, with Ansible's words, for arguments that contradict each other. */
function check(args: Args): void {
  const { state, path, port } = args;
  const refuse = (message: string): never => {
    throw new ModuleFailure(message, { elapsed: 0 });
  };
  if (port !== undefined && path !== undefined) refuse('port and path parameter can not both be passed to wait_for');
  if (path !== undefined && (state === 'stopped' || state === 'drained')) {
    refuse(`state=${state} should only be used for checking a port in the wait_for module`);
  }
  if (args.exclude_hosts !== undefined && state !== 'drained') {
    refuse('exclude_hosts should only be with state=drained');
  }
  if (state === 'drained' && port === undefined) refuse('state=drained needs a port');
  if (args.search_regex !== undefined) pythonRegex(args.search_regex, { multiline: true });
}

function told(args: Args, output: StepResult): JsonObject {
  const groups = groupsOf(args, output);
  return {
    state: args.state,
    port: args.port ?? null,
    path: args.path ?? null,
    search_regex: args.search_regex ?? null,
    elapsed: output.data['elapsed'] ?? args.timeout,
    ...groups,
  };
}

/** The last stage of waiting for a file: Ansible's result tells of it. */
function describing(path: string, data: JsonObject): Plan {
  const run = glance({ key: 'path', path });
  return {
    kind: 'plan',
    actions: [{ changes: [], reason: 'tells of the file', step: { run, uses: [LOOK] } }],
    data,
    conclude: ([output]) => register(seenAt(readLook(output!), 'path')?.state),
  };
}

/** What the groups matched, found again in the text of the file. */
function groupsOf(args: Args, output: StepResult): JsonObject {
  if (args.search_regex === undefined || args.path === undefined) return { match_groups: [], match_groupdict: {} };
  const match = pythonRegex(args.search_regex, { multiline: true }).search(decode(output.stdout));
  const named = Array.from(match?.named ?? [], ([name, text]): [string, Json] => [name, text ?? null]);
  return {
    match_groups: (match?.groups ?? []).map((text) => text ?? null),
    match_groupdict: Object.fromEntries(named),
  };
}

function actionOf(args: Args): Action {
  const { timeout, delay, host, port, path } = args;
  const timing = { timeout, delay, sleep: Math.max(args.sleep, 1) };
  if (path !== undefined) {
    const [script, late] = fileScript(args, path);
    return watching({ kind: 'poll', ...timing, script, failure: args.msg ?? late });
  }
  if (port === undefined) return watching({ kind: 'sleep', seconds: timeout });
  if (args.state === 'drained') {
    const script = drained({ host, port, states: args.active_connection_states, excluded: args.exclude_hosts ?? [] });
    return watching({
      kind: 'poll',
      ...timing,
      script,
      failure: args.msg ?? `Timeout when waiting for ${host}:${port} to drain`,
    });
  }
  const closed = args.state === 'absent' || args.state === 'stopped';
  const searched = args.search_regex;
  const late = closed
    ? `Timeout when waiting for ${host}:${port} to stop.`
    : searched === undefined
      ? `Timeout when waiting for ${host}:${port}`
      : `Timeout when waiting for search string ${searched} in ${host}:${port}`;
  return watching({
    kind: 'tcp',
    host,
    port,
    until: closed ? 'closed' : 'open',
    ...timing,
    connectTimeout: args.connect_timeout,
    ...(searched === undefined ? {} : { pattern: searched }),
    failure: args.msg ?? late,
  });
}

function watching(effect: Extract<Action['step'], { effect: unknown }>['effect']): Action {
  return { changes: [], opaque: 'observes', step: { effect } };
}

/**
 * The script that succeeds when the file is as wanted (and prints it where groups are to be found), and what to say when it
 * is late. Nobody asks what is in a file that is to go.
 */
function fileScript(args: Args, path: string): [Script, string] {
  const word = pathWord(path);
  const { search_regex: regex } = args;
  if (args.state === 'absent') return [sh`! [ -e ${word} ]`, `Timeout when waiting for ${path} to be absent.`];
  if (regex === undefined) return [sh`[ -e ${word} ]`, `Timeout when waiting for file ${path}`];
  const posix = posixRegex(regex);
  const grep = posix === undefined ? raw(sh`grep -Pq -e ${regex}`) : raw(sh`grep -Eq -e ${posix}`);
  return [
    sh`[ -e ${word} ] && ${grep} <${word} 2>/dev/null && head -c 4194304 <${word}`,
    `Timeout when waiting for search string ${regex} in ${path}`,
  ];
}
