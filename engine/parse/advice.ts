// What to say when YAML does not parse. The yaml package says what the grammar missed; people want to know what to
// change, and nearly always it is one of five things.

import type { YAMLParseError } from 'yaml';

export const BRACES_HINT = 'Quote a value that begins with braces: `key: "{{ value }}"`.';

export interface Advice {
  readonly message: string;
  readonly hint: string | undefined;
}

/** A message and a hint for the first syntax error of a text. */
export function adviseSyntax(fault: YAMLParseError, text: string): Advice {
  const offset = fault.pos[0];
  const line = lineAt(text, offset);
  const reason = `${fault.message.replace(/\.$/, '')}.`;
  if (fault.code === 'TAB_AS_INDENT' || /^\s*\t/.test(line))
    return { message: 'Tabs are usually invalid in YAML.', hint: 'Indent with spaces.' };
  if (/[:-]\s+\{\{/.test(line) || /^\s*\{\{/.test(line))
    return { message: 'This may be an issue with missing quotes around a template block.', hint: BRACES_HINT };
  if (/[:-]\s+[@`%]/.test(line))
    return { message: reason, hint: 'Quote a value that begins with one of the characters @ ` %.' };
  if (/[:-]\s+(["']).*\1\s*[^\s#,}\]:]/.test(line) && fault.code === 'UNEXPECTED_TOKEN')
    return {
      message: reason,
      hint: 'A value that begins with a quote must end with it: quote the whole value, using the other kind of quotes inside.',
    };
  if (fault.code === 'BLOCK_AS_IMPLICIT_KEY' && /:\s.*:(?:\s|$)/.test(line))
    return {
      message: 'Colons in unquoted values must be followed by a non-space character.',
      hint: 'Quote a value that holds a colon followed by a space: `name: "first: second"`.',
    };
  if (fault.code === 'BLOCK_AS_IMPLICIT_KEY' || fault.code === 'MULTILINE_IMPLICIT_KEY' || fault.code === 'BAD_INDENT')
    return {
      message: 'Mapping values are not allowed in this context.',
      hint: 'The lines of one mapping or list must begin in the same column: look at the indentation of this line and the next.',
    };
  if (fault.code === 'MULTIPLE_DOCS')
    return {
      message: 'Expected a single document in the stream, but found another document.',
      hint: 'Remove the second `---`.',
    };
  if (fault.code === 'BAD_DQ_ESCAPE')
    return { message: reason, hint: 'Use single quotes where backslashes are meant as they stand.' };
  return { message: reason, hint: undefined };
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end);
}
