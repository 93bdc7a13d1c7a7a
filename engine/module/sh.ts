// The only way to build a script: a tagged template that quotes every hole, so that injection has nowhere to live.

declare const script: unique symbol;

/** Text of POSIX sh in which every value is quoted. Made by `sh`, `raw`, `join` and `library` only. */
export type Script = string & { readonly [script]: true };

export type Word = string | number | RawScript | readonly (string | number)[];

class RawScript {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A piece of script taken as it is: constant text of ours, or a command line that the user wrote. */
export function raw(text: string): RawScript {
  return new RawScript(text);
}

/** One word, quoted for sh. */
export function quote(word: string | number): string {
  const text = String(word);
  if (text !== '' && /^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Builds a script: strings and numbers are quoted, lists spread into quoted words, `raw(text)` goes in as it is.
 * A script in a hole is quoted like any string, as `sh -c` wants it; `raw(script)` nests it. Backslashes are the
 * shell's, but for `\${`, which is the shell's own `\${`.
 */
export function sh(strings: TemplateStringsArray, ...holes: readonly Word[]): Script {
  const text = strings.raw.map((part) => part.replaceAll('\\${', '${'));
  return holes.reduce<string>((script, hole, index) => script + word(hole) + text[index + 1]!, text[0]!) as Script;
}

function word(hole: Word): string {
  if (hole instanceof RawScript) return hole.text;
  if (typeof hole === 'string' || typeof hole === 'number') return quote(hole);
  return (hole as readonly (string | number)[]).map(quote).join(' ');
}

/** Scripts one after another. */
export function lines(...parts: readonly (Script | false | undefined | '')[]): Script {
  return parts.filter((part) => part).join('\n') as Script;
}

export const NOTHING = '' as Script;
