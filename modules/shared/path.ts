// Paths of the host. What `~` and `$NAME` stand for only the host knows, so a path goes into a script as a word that the
// host's shell expands the way Ansible expands arguments of type path; names, slashes and dashes are text, handled here.

import { quote, raw } from '../../engine/module/sh.ts';

/** A word of a script for a path as the user wrote it: `~`, `~user`, `$NAME` and `${NAME}` expand, all else is literal. */
export function pathWord(path: string): ReturnType<typeof raw> {
  const tilde = /^~([A-Za-z_][\w.-]*)?(?=\/|$)/.exec(path)?.[0] ?? '';
  const rest = tilde === '' && path.startsWith('-') ? `./${path}` : path.slice(tilde.length);
  return raw(tilde + expandedWord(rest, tilde !== ''));
}

/** A word in which variables expand and nothing else does. Unknown variables stay as they are written, as in Python. */
export function variablesWord(text: string): ReturnType<typeof raw> {
  const tilde = /^~([A-Za-z_][\w.-]*)?(?=\/|$)/.exec(text)?.[0] ?? '';
  return raw(tilde + expandedWord(text.slice(tilde.length), tilde !== ''));
}

function expandedWord(text: string, mayBeEmpty: boolean): string {
  let word = '';
  let from = 0;
  for (const match of text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g)) {
    if (match.index > from) word += quote(text.slice(from, match.index));
    // An unset variable stands for its own text, in which a brace would end the expansion.
    word += `"\${${match[1] ?? match[2]}-\\${match[0].replace('}', '\\}')}}"`;
    from = match.index + match[0].length;
  }
  const tail = text.slice(from);
  return tail !== '' || (word === '' && !mayBeEmpty) ? word + quote(tail) : word;
}

/** The path in one spelling: no doubled or trailing slashes, no `.`; `..` is left to the file system. */
export function normalize(path: string): string {
  const parts = path.split('/').filter((part, index) => part !== '' && (part !== '.' || index === -1));
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/') || '.';
}

/** The folder that a path lies in. */
export function dirname(path: string): string {
  const plain = path.replace(/\/+$/, '');
  const at = plain.lastIndexOf('/');
  if (at < 0) return plain === '' ? '/' : '.';
  return plain.slice(0, at).replace(/\/+$/, '') || '/';
}

/** The last name of a path; '' for one that ends in a slash, as in Python. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path beneath a folder, as Python joins them. */
export function join(folder: string, name: string): string {
  if (name.startsWith('/') || folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}
