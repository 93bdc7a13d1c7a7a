// uri: an HTTP request from the host's place in the network.

import type { State } from '../engine/model/resource.ts';
import type { Json, JsonObject } from '../engine/model/value.ts';
import {
  ABSENT,
  type Action,
  defineModule,
  ModuleFailure,
  NO_QUESTION,
  type Plan,
  type Resource,
} from '../engine/module/contract.ts';
import { type ArgsOf, toText } from '../engine/module/schema.ts';
import { sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import { isAbsent } from './shared/seen.ts';

const schema = {
  url: { type: 'str', required: true, doc: 'The address.' },
  method: { type: 'str', default: 'GET', doc: 'The method.' },
  body: { type: 'raw', doc: 'What to send.' },
  body_format: {
    type: 'str',
    choices: ['form-urlencoded', 'json', 'raw', 'form-multipart'],
    default: 'raw',
    doc: 'How a body that is no text is written.',
  },
  headers: { type: 'dict', default: {}, doc: 'Headers to send.' },
  status_code: { type: 'list', elements: 'int', default: [200], doc: 'Statuses that count as success.' },
  return_content: { type: 'bool', default: false, doc: 'Registers the text of the answer.' },
  dest: { type: 'path', doc: 'File on the host to write the answer to.' },
  creates: { type: 'path', doc: 'Does nothing when this file is there.' },
  removes: { type: 'path', doc: 'Does nothing when this file is not there.' },
  url_username: { type: 'str', aliases: ['user'], doc: 'User for basic authentication.' },
  url_password: { type: 'str', aliases: ['password'], secret: true, doc: 'Its password.' },
  force_basic_auth: { type: 'bool', default: false, doc: 'Sends the credentials without being asked.' },
  force: { type: 'bool', default: false, doc: 'Asks caches for a fresh answer.' },
  follow_redirects: {
    type: 'str',
    default: 'safe',
    choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
    doc: 'Which redirects are followed.',
  },
  http_agent: { type: 'str', default: 'ansible-httpget', doc: 'The agent to be.' },
  timeout: { type: 'int', default: 30, doc: 'Seconds.' },
  validate_certs: { type: 'bool', default: true, doc: 'Checks the certificate of the server.' },
  use_proxy: {
    type: 'bool',
    default: true,
    doc: 'There is no proxy between: the request goes out from the host itself.',
  },
  remote_src: { type: 'bool', default: false, doc: 'Only for `src`, which is not supported.' },
  src: { type: 'path', doc: 'Not supported.' },
  unix_socket: { type: 'path', doc: 'Not supported.' },
  client_cert: { type: 'path', doc: 'Not supported.' },
  client_key: { type: 'path', doc: 'Not supported.' },
  ca_path: { type: 'path', doc: 'Not supported.' },
  mode: { type: 'raw', doc: 'Permissions of dest.' },
  owner: { type: 'str', doc: 'Owner of dest.' },
  group: { type: 'str', doc: 'Group of dest.' },
} as const;

type Args = ArgsOf<typeof schema>;

const REFUSED = ['src', 'unix_socket', 'client_cert', 'client_key', 'ca_path'] as const;
const GUARD: Resource = 'guard:uri';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sends an HTTP request from the host.',
    notes: ['A dry run skips it, as it does in Ansible.'],
    examples: `
- name: Is the application up?
  uri:
    url: http://localhost:8080/health
    return_content: true
  register: health
  until: health.status == 200
  retries: 30
  delay: 2
- name: Tell the service
  uri:
    url: https://api.example.org/v1/hosts
    method: POST
    body_format: json
    body: {name: "{{ inventory_hostname }}"}
    status_code: [200, 201]
`,
    returns: {
      status: 'Status of the answer.',
      url: 'Address after redirects.',
      json: 'The answer, where it is JSON.',
      content: 'Its text (return_content).',
      elapsed: 'Seconds.',
      redirected: 'Was it redirected?',
      msg: 'Status line and length.',
    },
  },
  schema,
  inspect(args) {
    if (args.creates === undefined && args.removes === undefined) return NO_QUESTION;
    return {
      kind: 'question',
      script: sh`for f in ${[args.creates ?? args.removes ?? '']}; do ls -d -- "$f" 2>/dev/null; done; exit 0`,
      read: (answer) =>
        new Map<Resource, State>([[GUARD, new TextDecoder().decode(answer.stdout).trim() === '' ? ABSENT : {}]]),
    };
  },
  plan(args, seen): Plan {
    for (const name of REFUSED)
      if (args[name] !== undefined) throw new ModuleFailure(`uri: '${name}' is not supported`);
    const isThere = seen.has(GUARD) && !isAbsent(seen.get(GUARD));
    if (args.creates !== undefined && isThere) return told(`skipped, since '${args.creates}' exists`);
    if (args.removes !== undefined && !isThere) return told(`skipped, since '${args.removes}' does not exist`);
    return {
      kind: 'plan',
      actions: [requestOf(args)],
      pending: { msg: 'This action (uri) does not support check mode.' },
      conclude: ([output]) => conclude(args, output!.data, output!.stdout),
    };
  },
});

function told(stdout: string): Plan {
  return { kind: 'plan', actions: [], data: { stdout, msg: stdout } };
}

function requestOf(args: Args): Action {
  const { text, type } = bodyOf(args);
  const headers: Record<string, string> = {
    'User-Agent': args.http_agent,
    ...(args.force ? { 'Cache-Control': 'no-cache' } : {}),
    ...(type === undefined ? {} : { 'Content-Type': type }),
  };
  for (const [name, value] of Object.entries(args.headers)) {
    for (const known of Object.keys(headers)) if (known.toLowerCase() === name.toLowerCase()) delete headers[known];
    headers[name] = toText(value);
  }
  const follow = args.follow_redirects;
  return {
    changes: [],
    opaque: 'observes',
    step: {
      effect: {
        kind: 'http',
        request: {
          url: args.url,
          method: args.method.toUpperCase(),
          headers,
          ...(text === undefined ? {} : { body: sourceOf(text) }),
          timeout: args.timeout,
          followRedirects:
            follow === 'all' || follow === 'yes' ? 'all' : follow === 'no' || follow === 'none' ? 'none' : 'safe',
          validateCerts: args.validate_certs,
          ...(args.url_username === undefined ? {} : { user: args.url_username }),
          ...(args.url_password === undefined ? {} : { password: args.url_password }),
          forceBasicAuth: args.force_basic_auth,
        },
      },
    },
  };
}

function bodyOf(args: Args): { text: string | undefined; type: string | undefined } {
  const { body } = args;
  if (body === undefined || body === null) return { text: undefined, type: undefined };
  if (args.body_format === 'json')
    return { text: typeof body === 'string' ? body : JSON.stringify(body), type: 'application/json' };
  if (args.body_format === 'form-multipart')
    throw new ModuleFailure("uri: body_format 'form-multipart' is not supported");
  if (args.body_format === 'form-urlencoded' && typeof body === 'object')
    return { text: form(body), type: 'application/x-www-form-urlencoded' };
  return {
    text: toText(body),
    ...(args.body_format === 'form-urlencoded' ? { type: 'application/x-www-form-urlencoded' } : { type: undefined }),
  };
}

function form(body: Json): string {
  const fields = new URLSearchParams();
  const pairs = Array.isArray(body)
    ? (body as readonly (readonly Json[])[]).map(([key, value]) => [toText(key!), value!] as const)
    : Object.entries(body as JsonObject);
  for (const [key, value] of pairs)
    for (const item of Array.isArray(value) ? value : [value]) fields.append(key, toText(item as Json));
  return fields.toString();
}

/** The result, or the further stage that writes the answer to the host. Throws ModuleFailure for a status that was not wanted. */
function conclude(args: Args, reply: JsonObject, content: Uint8Array): JsonObject | Plan {
  const headers = Object.fromEntries(
    Object.entries(reply['headers'] as JsonObject).map(([name, value]) => [
      name.replaceAll('-', '_').toLowerCase(),
      value,
    ]),
  );
  const text = new TextDecoder().decode(content);
  const status = Number(reply['status']);
  const data: Record<string, Json> = {
    ...headers,
    status,
    url: reply['url']!,
    redirected: reply['redirected']!,
    elapsed: reply['elapsed']!,
    cookies: {},
    cookies_string: '',
    msg:
      status < 0
        ? `Status code was -1 and not [${args.status_code.join(', ')}]: ${String(reply['msg'] ?? reply['reason'])}`
        : `${status === 200 ? 'OK' : String(reply['reason'])} (${headers['content_length'] === undefined ? 'unknown' : String(headers['content_length'])} bytes)`,
  };
  const json = /(?:^|[/+])(?:json|javascript)\b/i.test(String(headers['content_type'] ?? '')) ? parse(text) : undefined;
  if (json !== undefined) data['json'] = json;
  const wanted = args.status_code.includes(status);
  if (args.return_content || !wanted) data['content'] = text;
  if (!wanted)
    throw new ModuleFailure(
      status < 0
        ? String(data['msg'])
        : `Status code was ${status} and not [${args.status_code.join(', ')}]: ${String(reply['reason'])}`,
      data,
    );
  if (args.dest === undefined) return data;
  return {
    kind: 'plan',
    data,
    actions: [
      {
        changes: [{ of: `file:${args.dest}`, before: ABSENT, after: { type: 'file' } }],
        step: {
          put: args.dest,
          bytes: sourceOf(content),
          ...(args.owner === undefined ? {} : { owner: args.owner }),
          ...(args.group === undefined ? {} : { group: args.group }),
          ...(args.mode === undefined ? {} : { mode: toText(args.mode) }),
        },
      },
    ],
  };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
