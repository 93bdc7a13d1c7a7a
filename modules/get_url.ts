// get_url: a file from an address, fetched from the host's place in the network, and put where it belongs on the host.

import type { JsonObject } from '../engine/model/value.ts';
import {
  ABSENT,
  type Action,
  defineModule,
  type ExecResult,
  ModuleFailure,
  type Observed,
  type Plan,
  type Site,
  type StepResult,
} from '../engine/module/contract.ts';
import type { ArgsOf } from '../engine/module/schema.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { planAttributesOnly } from './shared/content.ts';
import { digestIn, digestOf, digestScript, type Wanted, wantedChecksum } from './shared/download/checksum.ts';
import { HTTP_ARGS, httpRequest, nameIn } from './shared/http/request.ts';
import { asJson, fileAt, LOOK, readLook } from './shared/look.ts';
import { decidePlace, type Place, type Placing, placeScript, planPlace, uploadedName } from './shared/placing.ts';

const schema = {
  url: { type: 'str', required: true, doc: 'The address: http or https.' },
  dest: {
    type: 'path',
    required: true,
    doc: 'File or folder on the host; in a folder the file is named as in the address.',
  },
  checksum: { type: 'str', default: '', doc: '`ALGORITHM:DIGEST`, or `ALGORITHM:ADDRESS` of a file of digests.' },
  force: { type: 'bool', default: false, doc: 'Fetch it even if it is there and has not changed since.' },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one.' },
  timeout: { type: 'int', default: 10, doc: 'Seconds.' },
  url_username: { type: 'str', aliases: ['username'], doc: 'User for basic authentication.' },
  tmp_dest: { type: 'path', doc: 'Not needed: the file is written beside its place.' },
  client_cert: { type: 'path', doc: 'Not supported.' },
  client_key: { type: 'path', doc: 'Not supported.' },
  ...HTTP_ARGS,
  ...FILE_ARGS,
} as const;

type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Fetches a file from an address.',
    notes: [
      'A file that is there is fetched again only if it has changed since (If-Modified-Since), unless `force` is set or its checksum differs.',
      'Answers may have up to 64 MiB.',
    ],
    examples: `- name: The package, as it was published
  get_url:
    url: https://example.org/tool.tar.gz
    dest: /srv/tool.tar.gz
    checksum: sha256:b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c
    mode: "0644"

- name: By a list of digests
  ansible.builtin.get_url:
    url: https://example.org/tool.tar.gz
    dest: /srv/
    checksum: sha256:https://example.org/SHA256SUMS
`,
    returns: {
      dest: 'The file.',
      checksum_src: 'SHA-1 of what came.',
      checksum_dest: 'SHA-1 of what was there.',
      md5sum: 'MD5 of what came.',
      status_code: 'Status of the answer.',
      msg: 'Status line and length.',
      elapsed: 'Seconds.',
      backup_file: 'The kept old file.',
    },
  },
  schema,
  inspect(args, site) {
    refuse(args);
    const wanted = wantedChecksum(args.checksum);
    const digest = wanted === undefined ? '' : digestScript(wanted.algorithm);
    return {
      kind: 'question',
      script: lines(placeScript(placing(args), site.diff), sh`printf '\0digest\0'`, digest),
      uses: [LOOK],
      read: readSeen,
    };
  },
  plan(args, seen, site): Plan {
    const wanted = wantedChecksum(args.checksum);
    const place = decidePlace(placing(args), seen);
    return wanted?.url === undefined
      ? planFetch({ args, seen, site, place, wanted })
      : planDigests({ args, seen, site, place, wanted }, wanted.url);
  },
});

/** Throws ModuleFailure, by name, for what is not supported. */
function refuse(args: Args): void {
  const refused = (name: string): never => {
    throw new ModuleFailure(`get_url: '${name}' is not supported`);
  };
  for (const name of ['client_cert', 'client_key'] as const) if (args[name] !== undefined) refused(name);
  if (args.use_gssapi) refused('use_gssapi');
  if (!/^https?:\/\//i.test(args.url))
    throw new ModuleFailure(`get_url: only http and https are supported, not ${args.url}`);
}

const DIGEST = '\0digest\0';

/** The state of the place, and behind a mark the digest of the file that is there. */
function readSeen(answer: ExecResult): Observed {
  const stdout = Buffer.from(answer.stdout);
  const end = stdout.lastIndexOf(DIGEST);
  if (end < 0) return readLook(answer);
  const digest = stdout
    .subarray(end + DIGEST.length)
    .toString()
    .trim();
  return new Map([...readLook({ ...answer, stdout: stdout.subarray(0, end) }), ['digest:', digest]]);
}

function placing(args: Args): Placing {
  return {
    dest: args.dest,
    name: nameIn(args.url),
    args: { ...args, follow: true, force: true, validate: undefined },
  };
}

interface Fetching {
  readonly args: Args;
  readonly seen: Observed;
  readonly site: Site;
  readonly place: Place;
  readonly wanted: Wanted | undefined;
}

/** First the list of digests, then the file. */
function planDigests(fetching: Fetching, url: string): Plan {
  return {
    kind: 'plan',
    actions: [{ ...quietly(fetching.place), step: http(fetching, url, 'GET', {}) }],
    conclude([output]) {
      const list = new TextDecoder().decode(answered(output!, { url }).stdout);
      const digest = digestIn(list, nameIn(fetching.args.url), url);
      return planFetch({ ...fetching, wanted: { ...fetching.wanted!, digest } });
    },
  };
}

/** A request that is none of the changes itself, and stands for the one to come while nothing is applied. */
function quietly({ at, state }: Place): Pick<Action, 'changes' | 'changedBy'> {
  const before = state === undefined ? ABSENT : asJson(state);
  const { sha1: _, content: __, size: ___, ...after } = asJson(state ?? { type: 'file' }) as JsonObject;
  return { changes: [{ of: fileAt(at), before, after }], changedBy: () => false };
}

function planFetch(fetching: Fetching): Plan {
  const { args, seen, place, wanted } = fetching;
  const told: JsonObject = { url: args.url, dest: place.path, elapsed: 0 };
  const there = place.state?.type === 'file' ? { ...place, state: place.state } : undefined;
  const matches = wanted?.digest !== undefined && seen.get('digest:') === wanted.digest;
  if (there !== undefined && !args.force && matches) {
    const data = { ...told, checksum_dest: null, checksum_src: null, msg: 'file already exists' };
    return planAttributesOnly(args, there, seen, data);
  }
  const asks = there !== undefined && !args.force && wanted === undefined;
  const since = there?.state.mtime;
  const headers: Record<string, string> =
    asks && since !== undefined ? { 'If-Modified-Since': new Date(since * 1000).toUTCString() } : {};
  const before = there?.state.sha1 ?? null;
  const action: Action = {
    ...quietly(place),
    step: http(fetching, args.url, 'GET', headers),
    ...(asks
      ? {
          rehearsal: http(fetching, args.url, 'HEAD', headers),
          changedBy: ({ data, stdout }) => data['status'] === 200 && digestOf(stdout, 'sha1') !== before,
        }
      : {}),
  };
  return {
    kind: 'plan',
    actions: [action],
    data: told,
    conclude([output]) {
      const { data, stdout } = answered(output!, told, asks ? 304 : undefined);
      const reply = { ...told, status_code: data['status']!, elapsed: data['elapsed']! };
      if (data['status'] === 304)
        return planAttributesOnly(args, there!, seen, { ...reply, msg: 'HTTP Error 304: Not Modified' });
      verify(stdout, wanted, { ...told, checksum_dest: before });
      return planPut(fetching, stdout, {
        ...reply,
        msg: `OK (${lengthOf(data, stdout)} bytes)`,
        checksum_dest: before,
      });
    },
  };
}

/** The stage that puts what came in its place. */
function planPut({ args, seen, site }: Fetching, bytes: Uint8Array, reply: JsonObject): Plan {
  const source = sourceOf(bytes);
  const src = uploadedName(site, '');
  const plan = planPlace(placing(args), source, seen, site, {});
  const told = (result: JsonObject): JsonObject => {
    const { checksum: _, path: __, ...rest } = result;
    return { ...rest, ...reply, src, checksum_src: source.sha1, md5sum: source.md5 };
  };
  const { conclude } = plan;
  return {
    ...plan,
    data: told(plan.data ?? {}),
    ...(conclude === undefined ? {} : { conclude: (outputs) => told(conclude(outputs) as JsonObject) }),
  };
}

function lengthOf(data: JsonObject, bytes: Uint8Array): string {
  const headers = data['headers'] as JsonObject | undefined;
  return String(headers?.['content-length'] ?? (bytes.length > 0 ? 'unknown' : 0));
}

/** The answer, if it is one of the wanted statuses. Throws ModuleFailure as Ansible's module fails. */
function answered(output: StepResult, told: JsonObject, also?: number): StepResult {
  const status = Number(output.data['status']);
  if (status === 200 || status === also) return output;
  if (status < 0) throw new ModuleFailure(String(output.data['msg'] ?? 'Request failed'), told);
  const response = `HTTP Error ${status}: ${String(output.data['reason'])}`;
  throw new ModuleFailure('Request failed', {
    ...told,
    status_code: status,
    response,
    elapsed: output.data['elapsed'] ?? 0,
  });
}

function verify(bytes: Uint8Array, wanted: Wanted | undefined, told: JsonObject): void {
  if (wanted?.digest === undefined) return;
  const found = digestOf(bytes, wanted.algorithm);
  if (found !== wanted.digest)
    throw new ModuleFailure(
      `The checksum for ${String(told['dest'])} did not match ${wanted.digest}; it was ${found}.`,
      { ...told, checksum_src: digestOf(bytes, 'sha1') },
    );
}

function http({ args, site }: Fetching, url: string, method: string, own: Record<string, string>): Action['step'] {
  const request = httpRequest(args, site, own, { url, method, followRedirects: 'all' });
  return { effect: { kind: 'http', request } };
}
