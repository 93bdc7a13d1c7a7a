// uri: an HTTP request from the host's place in the network, and where wanted its answer in a file of the host.

import type { JsonObject } from '../engine/model/value.ts';
import {
  type Action,
  defineModule,
  type LocalFile,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Site,
} from '../engine/module/contract.ts';
import type { ArgsOf } from '../engine/module/schema.ts';
import { lines, NOTHING } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { askConditions, judgeConditions } from './shared/command.ts';
import { FORM, requestBody } from './shared/http/body.ts';
import { replyOf } from './shared/http/reply.ts';
import { HTTP_ARGS, httpRequest, nameIn } from './shared/http/request.ts';
import { fileAt, glance, LOOK, readLook, seenAt } from './shared/look.ts';
import { type Placing, placeScript, planPlace } from './shared/placing.ts';

const schema = {
  url: { type: 'str', required: true, doc: 'The address.' },
  method: { type: 'str', default: 'GET', doc: 'The method.' },
  body: {
    type: 'raw',
    fileItems: { when: 'body_format', is: 'form-multipart' },
    doc: 'What to send: text, or what `body_format` makes text of.',
  },
  body_format: {
    type: 'str',
    choices: ['form-urlencoded', 'json', 'raw', 'form-multipart'],
    default: 'raw',
    doc: 'How a body that is no text is written. Parts of a multipart form are text, carry their `content`, or name a file of the controller (`filename`).',
  },
  src: {
    type: 'path',
    file: 'files',
    fileUnless: 'remote_src',
    doc: 'File to send, of the controller or (remote_src) of the host.',
  },
  remote_src: { type: 'bool', default: false, doc: '`src` is on the host.' },
  status_code: { type: 'list', elements: 'int', default: [200], doc: 'Statuses that count as success.' },
  return_content: { type: 'bool', default: false, doc: 'Register the text of the answer.' },
  dest: { type: 'path', doc: 'File or folder on the host to write the answer to.' },
  creates: { type: 'path', doc: 'A file or pattern; when something like it is there, nothing is sent.' },
  removes: { type: 'path', doc: 'A file or pattern; when nothing like it is there, nothing is sent.' },
  url_username: { type: 'str', aliases: ['user'], doc: 'User for basic authentication.' },
  force: { type: 'bool', default: false, doc: 'Ask caches for a fresh answer.' },
  follow_redirects: {
    type: 'str',
    default: 'safe',
    choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
    doc: 'Which redirects are followed: `safe` those of GET and HEAD.',
  },
  timeout: { type: 'int', default: 30, doc: 'Seconds.' },
  client_cert: { type: 'path', doc: 'PEM file of the host with a certificate to show, and perhaps its key.' },
  client_key: { type: 'path', doc: 'PEM file of the host with its key.' },
  ca_path: { type: 'path', doc: 'PEM file of the host with certificates to trust.' },
  unix_socket: { type: 'path', doc: 'Not supported.' },
  ...HTTP_ARGS,
  ...FILE_ARGS,
} as const;

type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Sends an HTTP request from the host.',
    notes: ['A dry run skips it, as it does in Ansible.'],
    examples: `- name: Is the application up?
  uri:
    url: http://localhost:8080/health
    return_content: true
  register: health
  until: health.status == 200
  retries: 30
  delay: 2

- name: Tell the service
  ansible.builtin.uri:
    url: https://api.example.org/v1/hosts
    method: POST
    body_format: json
    body: {name: "{{ inventory_hostname }}"}
    status_code: [200, 201]

- name: Keep the answer
  uri:
    url: https://example.org/list.txt
    dest: /srv/list.txt
    mode: "0644"
`,
    returns: {
      status: 'Status of the answer.',
      url: 'Address after redirects.',
      json: 'The answer, where it is JSON.',
      content: 'Its text (return_content, or a status that was not wanted).',
      elapsed: 'Seconds.',
      redirected: 'Was it redirected?',
      cookies: 'Cookies by name.',
      cookies_string: 'Cookies as one header.',
      path: 'The file that was written (dest).',
      msg: 'Status line and length.',
    },
  },
  schema,
  rules: { mutuallyExclusive: [['body', 'src']] },
  inspect(args, site) {
    if (args.creates !== undefined || args.removes !== undefined) return askConditions(args);
    return askFiles(args, site);
  },
  plan(args, seen, site): Plan | Question {
    check(args);
    const { skip } = judgeConditions(args, seen, {});
    if (skip !== undefined) return { kind: 'plan', actions: [], data: { stdout: skip.quoted } };
    const files = askFiles(args, site);
    const missing = files.script !== NOTHING && !wasAsked(args, seen);
    if (missing) return files;
    return {
      kind: 'plan',
      actions: [requestOf(args, seen, site)],
      pending: { msg: 'This action (uri) does not support check mode.' },
      conclude([output]) {
        const { data, content } = replyOf(output!.data, output!.stdout, args);
        if (args.dest === undefined) return data;
        return written(args, data, content, seen, site);
      },
    };
  },
});

/** Throws ModuleFailure for a method that is none and, by name, for what is not supported. */
function check(args: Args): void {
  if (!/^[A-Z]+$/.test(args.method.toUpperCase())) {
    throw new ModuleFailure("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
  }
  const unsupported = args.unix_socket !== undefined ? 'unix_socket' : args.use_gssapi ? 'use_gssapi' : undefined;
  if (unsupported !== undefined) throw new ModuleFailure(`uri: '${unsupported}' is not supported`);
}

const PEM = 1024 * 1024;
const SENT = 64 * 1024 * 1024;

/** Files of the host that go into the request, and the place of the answer. */
function askFiles(args: Args, site: Site): Question {
  const { src, client_cert, client_key, ca_path } = args;
  const script = lines(
    typeof src === 'string' && glance({ key: 'src', path: src, content: SENT, follow: true }),
    client_cert !== undefined && glance({ key: 'client_cert', path: client_cert, content: PEM, follow: true }),
    client_key !== undefined && glance({ key: 'client_key', path: client_key, content: PEM, follow: true }),
    ca_path !== undefined && glance({ key: 'ca_path', path: ca_path, content: PEM, follow: true }),
    args.dest !== undefined && placeScript(placing(args), site.diff),
  );
  return { kind: 'question', script, uses: [LOOK], read: readLook };
}

function wasAsked(args: Args, seen: Observed): boolean {
  const key = args.dest !== undefined ? 'dest' : typeof args.src === 'string' ? 'src' : undefined;
  const keys = [key, ...(['client_cert', 'client_key', 'ca_path'] as const).filter((name) => args[name] !== undefined)];
  return keys.every((each) => each === undefined || seenAt(seen, each) !== undefined);
}

/** The text of a file of the host. Throws ModuleFailure when it cannot be read. */
function fileText(seen: Observed, key: string): string {
  const file = seenAt(seen, key);
  if (file?.state?.content !== undefined) return file.state.content;
  if (key === 'src') throw new ModuleFailure(`Unable to open source file ${file?.path ?? ''}`, { elapsed: 0 });
  throw new ModuleFailure(`${key} '${file?.path ?? ''}' cannot be read on the host`);
}

function placing(args: Args): Placing {
  return {
    dest: args.dest ?? '',
    name: nameIn(args.url),
    args: { ...args, backup: false, follow: true, force: true, validate: undefined },
  };
}

const FOLLOW = { all: 'all', yes: 'all', no: 'none', none: 'none', safe: 'safe', urllib2: 'urllib2' } as const;

function requestOf(args: Args, seen: Observed, site: Site): Action {
  const { text, type } = contentOf(args, seen);
  const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
  const pem = (key: 'client_cert' | 'client_key' | 'ca_path'): string | undefined =>
    args[key] === undefined ? undefined : fileText(seen, key);
  const cert = pem('client_cert');
  const key = pem('client_key') ?? cert;
  const ca = pem('ca_path');
  return {
    changes: [],
    opaque: 'observes',
    step: {
      effect: {
        kind: 'http',
        request: httpRequest(args, site, headers, {
          url: args.url,
          method: args.method.toUpperCase(),
          followRedirects: FOLLOW[args.follow_redirects],
          ...(text === undefined ? {} : { body: sourceOf(text) }),
          ...(cert === undefined ? {} : { clientCert: cert }),
          ...(key === undefined ? {} : { clientKey: key }),
          ...(ca === undefined ? {} : { caText: ca }),
        }),
      },
    },
  };
}

function contentOf(args: Args, seen: Observed): { text: string | Uint8Array | undefined; type: string | undefined } {
  const { src } = args;
  if (src === undefined) return requestBody(args.body ?? null, args.body_format);
  if (typeof src === 'string') return { text: fileText(seen, 'src'), type: FORM };
  if (src.type === 'directory') throw new ModuleFailure(`src '${src.path}' is a folder`);
  const { bytes } = src as LocalFile;
  if (bytes === undefined) throw new ModuleFailure(`src '${src.path}' is too large to be sent`);
  return { text: bytes, type: FORM };
}

/** The further stage that puts the answer in its place. */
function written(args: Args, data: JsonObject, content: Uint8Array, seen: Observed, site: Site): Plan {
  const plan = planPlace(placing(args), sourceOf(content), seen, site, {});
  const told = (result: JsonObject): JsonObject => {
    const { src: _, dest, md5sum: __, checksum: ___, ...file } = result;
    return { ...file, ...data, ...(dest === undefined ? {} : { path: dest }) };
  };
  const { conclude } = plan;
  return {
    ...plan,
    // Ansible counts the file as changed also when it says what it said before.
    actions: plan.actions.length > 0 ? plan.actions : [rewritten(String(plan.data?.['dest'] ?? ''))],
    data: told(plan.data ?? {}),
    ...(conclude === undefined ? {} : { conclude: (outputs) => told(conclude(outputs) as JsonObject) }),
  };
}

function rewritten(path: string): Action {
  const of = fileAt(path);
  return { changes: [{ of, before: {}, after: {} }], step: { effect: { kind: 'sleep', seconds: 0 } } };
}
