// The words of ansible_ssh_args, _common_args and _extra_args: the options of the `ssh` program that people put there.

/** What the words say, in the terms of ssh_config. */
export interface SshArguments {
  /** Keyword in lower case to its values, in order; for most keywords the first counts. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** `-F`: this file instead of the user's and the system's. */
  readonly configFile: string | undefined;
  /** Words that only the system's `ssh` understands. */
  readonly foreign: readonly string[];
}

/** Letters with an argument that are ssh_config keywords by another name. */
const KEYWORD_OF: Readonly<Record<string, string>> = {
  i: 'identityfile',
  p: 'port',
  l: 'user',
  J: 'proxyjump',
  c: 'ciphers',
  m: 'macs',
  b: 'bindaddress',
  B: 'bindinterface',
  I: 'pkcs11provider',
  S: 'controlpath',
};
/** Letters without an argument, as keyword and value; undefined where they change nothing for us. */
const FLAGS: Readonly<Record<string, readonly [string, string] | undefined>> = {
  '4': ['addressfamily', 'inet'],
  '6': ['addressfamily', 'inet6'],
  A: ['forwardagent', 'yes'],
  a: ['forwardagent', 'no'],
  C: ['compression', 'yes'],
  K: ['gssapiauthentication', 'yes'],
  k: undefined,
  M: ['controlmaster', 'yes'],
  q: undefined,
  T: undefined,
  t: undefined,
  v: undefined,
  x: undefined,
};

/** Reads the words; what it does not know goes into `foreign`, never lost. */
export function parseSshArguments(words: readonly string[]): SshArguments {
  const options = new Map<string, string[]>();
  const foreign: string[] = [];
  let configFile: string | undefined;
  const add = (keyword: string, value: string): void => {
    const values = options.get(keyword);
    if (values === undefined) options.set(keyword, [value]);
    else values.push(value);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    let letters = word.startsWith('-') ? word.slice(1) : '';
    if (letters === '') foreign.push(word);
    while (letters !== '') {
      const letter = letters[0]!;
      letters = letters.slice(1);
      if (Object.hasOwn(FLAGS, letter)) {
        const flag = FLAGS[letter];
        if (flag !== undefined) add(...flag);
        continue;
      }
      const value = letters === '' ? words[++at] : letters;
      letters = '';
      if (value === undefined) foreign.push(`-${letter}`);
      else if (letter === 'o') add(...keywordAndValue(value));
      else if (letter === 'F') configFile = value;
      else if (Object.hasOwn(KEYWORD_OF, letter)) add(KEYWORD_OF[letter]!, value);
      else foreign.push(`-${letter}`, value);
    }
  }
  return { options, configFile, foreign };
}

/** `Keyword=value`, `Keyword value`, `Keyword = "value"`. */
export function keywordAndValue(text: string): [keyword: string, value: string] {
  const match = /^\s*([^\s=]+)\s*(?:=|\s)\s*(.*?)\s*$/s.exec(text);
  if (match === null) return [text.trim().toLowerCase(), ''];
  const value = match[2]!;
  return [match[1]!.toLowerCase(), /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value];
}
