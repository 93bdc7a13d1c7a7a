// A listing of a host's whole file system: path, kind, mode, owner, content, extended attributes. Two of them that are equal
// prove that what ran in between changed nothing.

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';

/** What is left out of a digest, each with the reason: these change without anybody changing the host. */
export const exclusions: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^\/(proc|sys|dev)$/, reason: 'the kernel, not a file system' },
  { pattern: /^\/run$/, reason: 'state of running services: every login and timer writes there' },
  { pattern: /^\/srv\/lab(-pool)?$/, reason: 'bound read-only from the machine' },
  {
    pattern: /^\/var\/log\/(journal|wtmp|btmp|lastlog|faillog|auth\.log|syslog|daemon\.log)$/,
    reason: 'a login is logged',
  },
  { pattern: /^\/var\/lib\/systemd\/(timers|random-seed|timesync)/, reason: 'written by timers as time goes by' },
  { pattern: /^(\/var)?\/tmp\/systemd-private-/, reason: 'made by systemd for its own services' },
  { pattern: /^\/var\/cache\/ldconfig$/, reason: 'a cache that reading refreshes' },
];

interface Entry {
  readonly path: string;
  readonly text: string;
}

/**
 * Lists everything under `root` as `path kind mode uid:gid content`, followed by extended attributes (capabilities, ACLs) where
 * there are any; sorted by path, one entry a line. Throws LabError.
 */
export async function digestOf(root: string): Promise<string> {
  const entries = entriesOf(root);
  const attributes = await attributesOf(
    root,
    entries.map(({ path }) => path),
  );
  const lines = entries.map(({ path, text }) => [text, ...(attributes.get(path) ?? [])].join(' '));
  return `${lines.sort().join('\n')}\n`;
}

function entriesOf(root: string): Entry[] {
  const entries: Entry[] = [];
  const pending = ['/'];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const here = path;
    if (exclusions.some(({ pattern }) => pattern.test(here))) continue;
    const line = describe(join(root, here), here);
    if (line === undefined) continue;
    entries.push({ path: here, text: line.text });
    if (line.isFolder) pending.push(...readdirSync(join(root, here)).map((name) => join(here, name)));
  }
  return entries;
}

/** Extended attributes by path, as `name=0x...`. */
async function attributesOf(root: string, paths: readonly string[]): Promise<Map<string, string[]>> {
  const words = ['xargs', '-0', 'getfattr', '--no-dereference', '--dump', '--match=-', '--encoding=hex'];
  const stdin = paths.map((path) => `.${path}\0`).join('');
  // A file that has gone meanwhile has no attributes, and is no error.
  const { stdout } = await run(words, { cwd: root, stdin, tolerate: true });
  const found = new Map<string, string[]>();
  for (const block of stdout.split('\n\n').filter((text) => text.includes('='))) {
    const [head = '', ...lines] = block.trim().split('\n');
    found.set(`/${unescaped(head.slice('# file: '.length)).replace(/^\.\//, '')}`, lines);
  }
  return found;
}

/** getfattr writes unusual bytes of a name as octal escapes. */
function unescaped(name: string): string {
  const bytes = name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return bytes === name ? name : Buffer.from(bytes, 'latin1').toString();
}

function describe(file: string, path: string): { readonly text: string; readonly isFolder: boolean } | undefined {
  let stat: Stats;
  try {
    stat = lstatSync(file);
  } catch {
    // Gone between listing and looking.
    return undefined;
  }
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  const words = (kind: string, content: string): string => `${path} ${kind} ${mode} ${stat.uid}:${stat.gid} ${content}`;
  if (stat.isDirectory()) return { text: words('folder', '-'), isFolder: true };
  if (stat.isSymbolicLink()) return { text: words('link', readlinkSync(file)), isFolder: false };
  if (!stat.isFile()) return { text: words('special', `${stat.rdev}`), isFolder: false };
  const sum = createHash('sha1').update(readFileSync(file)).digest('hex');
  return { text: words('file', sum), isFolder: false };
}

/** The entries that two digests do not share: `-` only in the first, `+` only in the second. */
export function compareDigests(before: string, after: string): readonly string[] {
  const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `-${line}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+${line}`),
  ];
}
