// unarchive: unpacks an archive into a folder. What would differ is found by unpacking into a scratch folder and
// comparing; the dry run of a bare host knows the members of an archive that it can read.

import type { Bring, State } from '../engine/model/resource.ts';
import {
  ABSENT,
  defineModule,
  type Json,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Resource,
  type Site,
  type Upload,
} from '../engine/module/contract.ts';
import { type ArgsOf, toText } from '../engine/module/schema.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { isAbsent, isUnknown, noteOf } from './shared/seen.ts';

const schema = {
  src: {
    type: 'path',
    required: true,
    file: 'files',
    fileUnless: 'remote_src',
    doc: 'The archive: of the controller, or with remote_src of the host; there also a URL.',
  },
  dest: { type: 'path', required: true, doc: 'Folder to unpack into; it must be there.' },
  remote_src: { type: 'bool', default: false, doc: 'The archive is on the host already.' },
  creates: { type: 'path', doc: 'Does nothing when this is there.' },
  list_files: { type: 'bool', default: false, doc: 'Registers the names of the members.' },
  exclude: { type: 'list', elements: 'str', default: [], doc: 'Members to leave out.' },
  include: { type: 'list', elements: 'str', default: [], doc: 'Only these members.' },
  keep_newer: { type: 'bool', default: false, doc: 'Keeps files that are newer than the archive.' },
  extra_opts: { type: 'list', elements: 'str', default: [], doc: 'Further options of tar or unzip.' },
  validate_certs: { type: 'bool', default: true, doc: 'Checks the certificate of a URL.' },
  mode: { type: 'raw', doc: 'Permissions of what is unpacked.' },
  owner: { type: 'str', doc: 'Owner of what is unpacked.' },
  group: { type: 'str', doc: 'Group of what is unpacked.' },
} as const;

type Args = ArgsOf<typeof schema>;

const PLACE: Resource = 'unarchive:place';
const MEMBERS: Resource = 'unarchive:members';
/** More members than these are told as a pattern. */
const MOST_TOLD = 5000;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Unpacks an archive (tar, packed in any way that tar knows, or zip) on the host.',
    examples: `
- name: The release
  unarchive:
    src: app.tgz
    dest: /opt/app
    creates: /opt/app/bin/run
    owner: app
- name: What is there already
  unarchive:
    src: /srv/app.zip
    dest: /opt/app
    remote_src: true
`,
    returns: {
      dest: 'The folder.',
      src: 'The archive.',
      handler: 'What unpacked it.',
      files: 'The members (list_files).',
    },
  },
  schema,
  rules: { mutuallyExclusive: [['include', 'exclude']] },
  inspect(args) {
    const source = remotePath(args);
    return {
      kind: 'question',
      script: lines(
        args.creates !== undefined && sh`[ -e ${args.creates} ] && echo creates`,
        sh`[ -d ${args.dest} ] && echo dest`,
        source !== undefined && sh`[ -r ${source} ] && echo src`,
        sh`exit 0`,
      ),
      read(answer) {
        const said = new Set(new TextDecoder().decode(answer.stdout).split('\n'));
        const seen = new Map<Resource, State>([[PLACE, {}]]);
        if (args.creates !== undefined) seen.set(`file:${args.creates}`, said.has('creates') ? {} : ABSENT);
        seen.set(`file:${args.dest}`, said.has('dest') ? { type: 'directory' } : ABSENT);
        if (source !== undefined)
          seen.set(`file:${source}`, said.has('src') ? { type: 'file', readable: true } : ABSENT);
        return seen;
      },
    };
  },
  plan(args, seen, site): Plan | Question {
    if (args.creates !== undefined && !isAbsent(seen.get(`file:${args.creates}`))) {
      if (!isUnknown(seen.get(`file:${args.creates}`)))
        return {
          kind: 'plan',
          actions: [],
          skipped: `skipped, since '${args.creates}' exists`,
          data: { msg: `skipped, since '${args.creates}' exists` },
        };
    }
    if (isAbsent(seen.get(`file:${args.dest}`))) throw new ModuleFailure(`dest '${args.dest}' must be an existing dir`);
    const source = remotePath(args);
    if (source !== undefined && isAbsent(seen.get(`file:${source}`)))
      throw new ModuleFailure(`Source '${source}' does not exist`);
    const readable = isUrl(args) || (source !== undefined && noteOf(seen, `file:${source}`)['readable'] !== true);
    if (!readable && !seen.has(MEMBERS)) return compare(args, site);
    return unpack(args, seen);
  },
});

function isUrl(args: Args): boolean {
  return typeof args.src === 'string' && /^(?:https?|ftp):\/\//.test(args.src);
}

function remotePath(args: Args): string | undefined {
  return typeof args.src === 'string' && !isUrl(args) ? args.src : undefined;
}

/** The archive on the host, and what has to go there first. */
function archive(args: Args): {
  readonly word: ReturnType<typeof raw>;
  readonly scratch: readonly Upload[];
  readonly fetch: Script | undefined;
} {
  if (typeof args.src !== 'string') {
    if (args.src.type === 'directory') throw new ModuleFailure(`${args.src.path} is a folder, no archive`);
    return { word: raw('"$SCRATCH/archive"'), scratch: [{ name: 'archive', bytes: args.src }], fetch: undefined };
  }
  if (!isUrl(args)) return { word: raw(sh`${args.src}`), scratch: [], fetch: undefined };
  const insecure = args.validate_certs ? [] : ['-k'];
  const unchecked = args.validate_certs ? [] : ['--no-check-certificate'];
  return {
    word: raw('"$work/archive"'),
    scratch: [],
    fetch: sh`{ curl -fsSL ${insecure} -o "$work/archive" ${args.src} || wget -q ${unchecked} -O "$work/archive" ${args.src}; } || { echo 'neither curl nor wget could fetch the archive' >&2; exit 1; }`,
  };
}

/** Unpacks `word` into `$into`: zip by its first bytes, all else by tar. */
function unpackWords(args: Args, word: ReturnType<typeof raw>): Script {
  const tarOut = args.exclude.map((name) => `--exclude=${name}`);
  const zipOut = args.exclude.length === 0 ? raw('') : raw(sh`-x ${args.exclude}`);
  return sh`case $(head -c 2 ${word}) in
PK) command -v unzip >/dev/null 2>&1 || { echo 'unzip was not found on the host' >&2; exit 1; }
  echo ZipArchive; unzip -qq ${args.keep_newer ? ['-u', '-o'] : ['-o']} ${args.extra_opts} ${word} ${args.include} ${zipOut} -d "$into" >&2 ;;
*) echo TarArchive; tar -x -f ${word} -C "$into" ${args.keep_newer ? ['--keep-newer-files'] : []} ${tarOut} ${args.extra_opts} ${args.include} >&2 ;;
esac || { echo 'the archive could not be unpacked' >&2; exit 1; }`;
}

const WORK = sh`work=$(mktemp -d 2>/dev/null || { d=/tmp/troupe-$$; mkdir -m 700 "$d" && echo "$d"; }) || exit 1; trap 'rm -rf -- "$work" "$SCRATCH"' EXIT; into=$work/x; mkdir "$into"`;

/** Unpacks aside and tells each member: its kind, and whether the one in the folder differs. */
function compare(args: Args, _site: Site): Question {
  const { word, scratch } = archive(args);
  const owned = lines(
    args.owner !== undefined && sh`[ -z "$(find "$dest/$f" -prune ! -user ${args.owner} 2>/dev/null)" ] || d=1`,
    args.group !== undefined && sh`[ -z "$(find "$dest/$f" -prune ! -group ${args.group} 2>/dev/null)" ] || d=1`,
  );
  const script = lines(
    WORK,
    sh`dest=${args.dest}`,
    unpackWords(args, word),
    sh`cd "$into" && find . ! -name . | sed 's#^\./##' | while IFS= read -r f; do
d=0
if [ -L "$f" ]; then k=l; [ "$(readlink "$f")" = "$(readlink "$dest/$f" 2>/dev/null)" ] || d=1
elif [ -d "$f" ]; then k=d; [ -d "$dest/$f" ] || d=1
else k=f; cmp -s "$f" "$dest/$f" || d=1; fi
${raw(owned)}
printf '%s %s %s\n' "$k" "$d" "$f"
done`,
  );
  return {
    kind: 'question',
    script,
    scratch,
    read(answer) {
      if (answer.rc !== 0)
        throw new ModuleFailure(
          `Failed to find handler for the archive: ${new TextDecoder().decode(answer.stderr).trim()}`,
        );
      const [handler = '', ...rows] = new TextDecoder().decode(answer.stdout).split('\n');
      const members = rows
        .filter((row) => row !== '')
        .map((row) => ({ kind: row[0]!, differs: row[2] === '1', name: row.slice(4) }));
      return new Map<Resource, State>([[MEMBERS, { handler, members: members as unknown as Json }]]);
    },
  };
}

interface Member {
  readonly kind: string;
  readonly differs: boolean;
  readonly name: string;
}

function unpack(args: Args, seen: Observed): Plan {
  const note = noteOf(seen, MEMBERS);
  const members = (note['members'] ?? []) as unknown as readonly Member[];
  const data: Record<string, Json> = {
    dest: args.dest,
    src: typeof args.src === 'string' ? args.src : args.src.path,
    ...(note['handler'] === undefined ? {} : { handler: note['handler'] }),
  };
  if (args.list_files) data['files'] = members.map((member) => (member.kind === 'd' ? `${member.name}/` : member.name));
  if (seen.has(MEMBERS) && !members.some((member) => member.differs) && args.mode === undefined)
    return { kind: 'plan', actions: [], data };
  const { word, scratch, fetch } = archive(args);
  const run = lines(
    WORK,
    fetch,
    unpackWords(args, word),
    args.owner !== undefined && sh`chown -R -h ${args.owner} "$into" || exit 1`,
    args.group !== undefined && sh`chgrp -R -h ${args.group} "$into" || exit 1`,
    args.mode !== undefined && sh`chmod -R ${toText(args.mode)} "$into" || exit 1`,
    sh`cd "$into" && tar -cf - . | ( cd ${args.dest} && mode=$(stat -c '%a %u:%g' . 2>/dev/null) && tar -xpf - && { [ -z "$mode" ] || { chown "${raw('${mode#* }')}" . && chmod "${raw('${mode%% *}')}" .; }; } ) || { echo 'the files could not be put in place' >&2; exit 1; }`,
  );
  const brings: Bring[] =
    members.length === 0 || members.length > MOST_TOLD
      ? [{ of: `file:${args.dest}/*`, as: {}, sure: false }]
      : members.map((member) => ({
          of: `file:${args.dest.replace(/\/$/, '')}/${member.name}`,
          as: { type: member.kind === 'd' ? 'directory' : member.kind === 'l' ? 'link' : 'file' },
          sure: true,
        }));
  const change = { of: `unpacked:${args.dest}` as const, before: ABSENT, after: { src: data['src']! }, brings };
  return {
    kind: 'plan',
    actions: [
      { changes: [change], step: { run, scratch, failure: `failed to unpack ${String(data['src'])} to ${args.dest}` } },
    ],
    data,
    conclude: ([output]) => ({
      handler: new TextDecoder().decode(output!.stdout).split('\n')[0] ?? '',
      extract_results: { rc: 0, out: '', err: new TextDecoder().decode(output!.stderr) },
      state: 'directory',
    }),
  };
}
