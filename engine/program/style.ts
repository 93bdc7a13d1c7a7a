// How a program that somebody wrote for Ansible wants to be called: read from its own text, as Ansible does.

/**
 * - `json`: a file with JSON arguments (the text mentions WANT_JSON, or the program is binary)
 * - `inlined`: JSON arguments in its own text, where the text has a mark for them
 * - `words`: a file with `key=value` words
 * - `python`: written for ansible-core's Python library, which has to travel along
 * - `powershell`: written for Windows
 */
export type Style = 'json' | 'inlined' | 'words' | 'python' | 'powershell';

export interface Calling {
  readonly style: Style;
  /** The words of its `#!` line; undefined for a binary program. */
  readonly interpreter: readonly string[] | undefined;
  readonly binary: boolean;
  /** It knows the flag by which Ansible tells a module that nothing may change. */
  readonly rehearses: boolean;
}

export const ARGUMENTS_MARK = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>';
/** The argument that tells a program that it runs in check mode. */
export const CHECK_FLAG = '_ansible_check_mode';

const PYTHON_LIBRARY =
  /^\s*(?:from|import)\s+(?:ansible\.module_utils|ansible_collections\.[^\n]*module_utils|\.+(?:\w+\.)*module_utils)|#<<INCLUDE_ANSIBLE_MODULE_COMMON>>/m;
const POWERSHELL = /^#(?:Requires -Module|AnsibleRequires|!powershell)/im;

/** Reads a program's calling from its bytes. */
export function callingOf(bytes: Uint8Array): Calling {
  const text = Buffer.from(bytes).toString('latin1');
  const binary = bytes.subarray(0, 8192).includes(0);
  const rehearses = text.includes(CHECK_FLAG);
  if (binary) return { style: 'json', interpreter: undefined, binary, rehearses };
  return { style: styleOf(text), interpreter: interpreterOf(text), binary, rehearses };
}

function styleOf(text: string): Style {
  if (PYTHON_LIBRARY.test(text)) return 'python';
  if (POWERSHELL.test(text)) return 'powershell';
  if (text.includes(ARGUMENTS_MARK)) return 'inlined';
  return text.includes('WANT_JSON') ? 'json' : 'words';
}

function interpreterOf(text: string): readonly string[] | undefined {
  const [first = ''] = text.split('\n', 1);
  if (!first.startsWith('#!')) return undefined;
  return first
    .slice(2)
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
}
