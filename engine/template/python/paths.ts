// Python's posixpath and ntpath, as far as filters use them. Node's path differs in many small ways (dirname of '/a/',
// join after an absolute part, splitext of '.bashrc').

/** `os.path.join`. */
export function join(first: string, ...parts: readonly string[]): string {
  let path = first;
  for (const part of parts) {
    if (part.startsWith('/')) path = part;
    else path = path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  }
  return path;
}

/** `os.path.basename`. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `os.path.dirname`. */
export function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** `os.path.splitext`. */
export function splitext(path: string): [root: string, extension: string] {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || /^\.+$/.test(name.slice(0, dot + 1))) return [path, ''];
  const cut = path.length - name.length + dot;
  return [path.slice(0, cut), path.slice(cut)];
}

/** `os.path.normpath`. */
export function normpath(path: string): string {
  if (path === '') return '.';
  const slashes = path.startsWith('//') && !path.startsWith('///') ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const above = parts[parts.length - 1];
    if (part !== '..' || (slashes === '' && parts.length === 0) || above === '..') parts.push(part);
    else parts.pop();
  }
  return slashes + parts.join('/') || '.';
}

/** `os.path.relpath(path, start)`, both taken from `cwd` when relative. */
export function relpath(path: string, start: string, cwd: string): string {
  const from = normpath(join(cwd, start)).split('/').filter(Boolean);
  const to = normpath(join(cwd, path)).split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared += 1;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/') || '.';
}

/** `os.path.commonpath`; undefined when absolute and relative paths are mixed. */
export function commonpath(paths: readonly string[]): string | undefined {
  const absolute = paths.map((path) => path.startsWith('/'));
  if (new Set(absolute).size > 1) return undefined;
  const split = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
  const sortedParts = [...split].sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
  const [low, high] = [sortedParts[0] ?? [], sortedParts[sortedParts.length - 1] ?? []];
  let shared = 0;
  while (shared < low.length && low[shared] === high[shared]) shared += 1;
  return (absolute[0] ? '/' : '') + low.slice(0, shared).join('/');
}

/** `os.path.expandvars`: `$name` and `${name}` of the environment; unknown ones stay. */
export function expandvars(path: string, environment: Readonly<Record<string, string | undefined>>): string {
  return path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced!;
    return Object.hasOwn(environment, name) ? (environment[name] ?? whole) : whole;
  });
}

/** `ntpath.splitdrive`. */
export function winSplitdrive(path: string): [drive: string, rest: string] {
  const plain = path.replaceAll('/', '\\');
  if (plain.startsWith('\\\\')) {
    const server = plain.indexOf('\\', plain.toUpperCase().startsWith('\\\\?\\UNC\\') ? 8 : 2);
    const share = server < 0 ? -1 : plain.indexOf('\\', server + 1);
    return share < 0 ? [path, ''] : [path.slice(0, share), path.slice(share)];
  }
  return plain[1] === ':' ? [path.slice(0, 2), path.slice(2)] : ['', path];
}

/** `ntpath.basename`. */
export function winBasename(path: string): string {
  const rest = winSplitdrive(path)[1];
  return rest.slice(Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1);
}

/** `ntpath.dirname`. */
export function winDirname(path: string): string {
  const [drive, rest] = winSplitdrive(path);
  const head = rest.slice(0, Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1);
  return drive + (head.replace(/[\\/]+$/, '') || head);
}
