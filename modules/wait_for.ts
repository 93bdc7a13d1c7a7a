// wait_for: until a port is open or closed, a file is there or gone, or a text appears in one of them.

import { type Action, defineModule, ModuleFailure, NO_QUESTION, type Plan } from '../engine/module/contract.ts';
import type { ArgsOf } from '../engine/module/schema.ts';
import { sh } from '../engine/module/sh.ts';

const schema = {
  host: { type: 'str', default: '127.0.0.1', doc: 'Host of the port, as seen from the host that waits.' },
  port: { type: 'int', doc: 'Port to wait for.' },
  path: { type: 'path', doc: 'File to wait for.' },
  search_regex: { type: 'str', doc: 'Text to wait for, in the file or from the port.' },
  state: {
    type: 'str',
    choices: ['absent', 'drained', 'present', 'started', 'stopped'],
    default: 'started',
    doc: 'What is waited for.',
  },
  timeout: { type: 'int', default: 300, doc: 'Seconds at most.' },
  delay: { type: 'int', default: 0, doc: 'Seconds before the first look.' },
  sleep: { type: 'int', default: 1, doc: 'Seconds between looks.' },
  connect_timeout: { type: 'int', default: 5, doc: 'Seconds that one connection may take.' },
  active_connection_states: {
    type: 'list',
    elements: 'str',
    default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
    doc: 'States that count as active (drained).',
  },
  exclude_hosts: { type: 'list', elements: 'str', doc: 'Peers that do not count (drained).' },
  msg: { type: 'str', doc: 'What to say when the time is over.' },
} as const;

type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Waits until a port, a file or a text is as wanted.',
    notes: ['A dry run skips it, as it does in Ansible.'],
    examples: `
- name: Until the database takes connections
  wait_for:
    port: 3306
    timeout: 60
- name: Until the lock is gone
  wait_for:
    path: /var/lock/app.lock
    state: absent
`,
    returns: { elapsed: 'Seconds that it took.', match_groups: 'Groups of search_regex.' },
  },
  schema,
  rules: { mutuallyExclusive: [['port', 'path']] },
  inspect: () => NO_QUESTION,
  plan(args): Plan {
    if (args.path !== undefined && (args.state === 'stopped' || args.state === 'drained'))
      throw new ModuleFailure(`state=${args.state} should only be used for checking a port in the wait_for module`);
    if (args.exclude_hosts !== undefined && args.state !== 'drained')
      throw new ModuleFailure('exclude_hosts should only be with state=drained');
    if (args.state === 'drained' && args.port === undefined) throw new ModuleFailure('state=drained needs a port');
    const { port, path, state } = args;
    return {
      kind: 'plan',
      actions: [actionOf(args)],
      data: {
        state,
        port: port ?? null,
        path: path ?? null,
        search_regex: args.search_regex ?? null,
        match_groups: [],
        match_groupdict: {},
      },
      conclude: ([output]) => ({
        elapsed: output!.data['elapsed'] ?? 0,
        ...(output!.data['match_groups'] === undefined ? {} : { match_groups: output!.data['match_groups'] }),
      }),
    };
  },
});

function actionOf(args: Args): Action {
  const { timeout, delay, sleep, host, port, path } = args;
  const timing = { timeout, delay, sleep: Math.max(sleep, 1) };
  const late = (text: string): { failure: string } => ({ failure: args.msg ?? text });
  if (port === undefined && path === undefined) {
    return { changes: [], opaque: 'observes', step: { effect: { kind: 'sleep', seconds: timeout } } };
  }
  if (path !== undefined) return fileAction(args, path);
  if (args.state === 'drained') {
    const hex = port!.toString(16).toUpperCase().padStart(4, '0');
    return {
      changes: [],
      opaque: 'observes',
      step: {
        effect: {
          kind: 'poll',
          ...timing,
          ...late(`Timeout when waiting for ${host}:${port} to drain`),
          script: sh`! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p=${hex} '$4 ~ /^0[1-6]$/ { split($2, a, ":"); if (a[2] == p) f = 1 } END { exit !f }'`,
        },
      },
    };
  }
  const closed = args.state === 'absent' || args.state === 'stopped';
  const what = closed
    ? `Timeout when waiting for ${host}:${port} to stop.`
    : args.search_regex === undefined
      ? `Timeout when waiting for ${host}:${port}`
      : `Timeout when waiting for search string ${args.search_regex} in ${host}:${port}`;
  return {
    changes: [],
    opaque: 'observes',
    step: {
      effect: {
        kind: 'tcp',
        host,
        port: port!,
        until: closed ? 'closed' : 'open',
        ...timing,
        connectTimeout: args.connect_timeout,
        ...(args.search_regex === undefined ? {} : { pattern: args.search_regex }),
        ...late(what),
      },
    },
  };
}

function fileAction(args: Args, path: string): Action {
  const { timeout, delay, sleep } = args;
  const absent = args.state === 'absent';
  const script = absent
    ? args.search_regex === undefined
      ? sh`! [ -e ${path} ]`
      : sh`! [ -e ${path} ] || ! grep -Eq -e ${args.search_regex} -- ${path}`
    : args.search_regex === undefined
      ? sh`[ -e ${path} ]`
      : sh`grep -Eq -e ${args.search_regex} -- ${path} 2>/dev/null`;
  const what = absent
    ? `Timeout when waiting for ${path} to be absent.`
    : args.search_regex === undefined
      ? `Timeout when waiting for file ${path}`
      : `Timeout when waiting for search string ${args.search_regex} in ${path}`;
  return {
    changes: [],
    opaque: 'observes',
    step: { effect: { kind: 'poll', script, timeout, delay, sleep: Math.max(sleep, 1), failure: args.msg ?? what } },
  };
}
