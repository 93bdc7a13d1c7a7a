// How a template's text is cut into tokens: delimiters, whitespace rules, and what a backslash in a string means.

export interface Dialect {
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  /** What a line starts with that is a statement, or a comment from there on; empty where there is no such thing. */
  readonly lineStatement: string;
  readonly lineComment: string;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly newlineSequence: string;
  /** Are backslashes in string constants of `{{ }}` escapes? Not in templates of playbooks, but in template files. */
  readonly escapesInPrints: boolean;
  /** Where they are not: does a backslash keep a quote from ending the constant? Not in the classic era. */
  readonly escapesQuotes: boolean;
}

/** Templates in playbooks, variables and inventories. */
export const INLINE: Dialect = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  lineStatement: '',
  lineComment: '',
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: '\n',
  escapesInPrints: false,
  escapesQuotes: true,
};

/** A text that names the dialect, for keys of caches. */
export function dialectKey(dialect: Dialect): string {
  return dialect === INLINE ? '' : Object.values(dialect).join('\u0000');
}
