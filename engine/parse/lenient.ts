// Python's YAML readers let quoted text and brackets go on in any column; the yaml package wants such lines deeper than
// their key. Lines that it refuses for that are moved to the right and read again, which changes no value; what they
// were moved by is kept, so that places stay true.

import { type Document, LineCounter, type ParsedNode, parseDocument, type YAMLParseError } from 'yaml';

const PAD = 200;
const MOST_LINES = 500;

export interface LenientDocument {
  readonly document: Document.Parsed<ParsedNode>;
  /** The text that was read in the end. */
  readonly text: string;
  /** Line and column of an offset in it, both from 1, as they are in the text that was given. */
  at(offset: number): { readonly line: number; readonly column: number };
  /** The first fault, of the text that was given. */
  readonly fault: YAMLParseError | undefined;
}

/** Parses YAML 1.1 without resolving any scalar. */
export function parseLenient(given: string): LenientDocument {
  const padded = new Set<number>();
  let text = given;
  let attempt = parse(text);
  const first = attempt.document.errors[0];
  const firstLines = attempt.lines;
  for (let fault = first; fault; fault = attempt.document.errors[0]) {
    const lines = linesToMove(fault, text, attempt.lines).filter((line) => !padded.has(line));
    if (lines.length === 0 || padded.size > MOST_LINES) {
      return { document: attempt.document, text: given, fault: first, at: placer(firstLines, new Set()) };
    }
    for (const line of lines) padded.add(line);
    text = move(text, new Set(lines));
    attempt = parse(text);
  }
  return { document: attempt.document, text, fault: undefined, at: placer(attempt.lines, padded) };
}

function parse(text: string): { document: Document.Parsed<ParsedNode>; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    strict: false,
    logLevel: 'error',
  });
  return { document, lines };
}

function placer(lines: LineCounter, padded: ReadonlySet<number>): LenientDocument['at'] {
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: padded.has(line) ? Math.max(1, col - PAD) : col };
  };
}

/** Numbers of the lines whose column the fault is about; none when it is about something else. */
function linesToMove(fault: YAMLParseError, text: string, lines: LineCounter): number[] {
  const [offset] = fault.pos;
  if (fault.code === 'BAD_INDENT' && fault.message.startsWith('Flow ')) return [lines.linePos(offset).line];
  const quote = fault.code === 'MISSING_CHAR' ? /^Missing closing (["'])quote/.exec(fault.message)?.[1] : undefined;
  if (quote === undefined) return [];
  const closing = closingQuote(text, offset, quote);
  if (closing < 0) return [];
  const from = lines.linePos(offset).line;
  const to = lines.linePos(closing).line;
  return Array.from({ length: to - from }, (_, index) => from + index + 1);
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let index = from; index < text.length; index++) {
    if (quote === '"' && text[index] === '\\') index++;
    else if (text[index] === quote) {
      if (quote === "'" && text[index + 1] === quote) index++;
      else return index;
    }
  }
  return -1;
}

function move(text: string, numbers: ReadonlySet<number>): string {
  return text
    .split('\n')
    .map((line, index) => (numbers.has(index + 1) && line.trim() !== '' ? ' '.repeat(PAD) + line : line))
    .join('\n');
}
