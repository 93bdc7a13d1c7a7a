// A block of lines between two marker lines: where blockinfile puts, replaces or removes it. Pure text in, text out.

import { splitKeeping } from './lines.ts';
import { pythonRegex } from './regex.ts';

export interface BlockRules {
  /** The lines between the markers; '' removes block and markers. */
  readonly block: string;
  readonly marker: string;
  readonly marker_begin: string;
  readonly marker_end: string;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly append_newline: boolean;
  readonly prepend_newline: boolean;
}

/** The text with the block in place, or without it. Throws ModuleFailure for malformed expressions. */
export function setBlock(text: string, rules: BlockRules): string {
  const lines = splitKeeping(text);
  const [begin, end] = [rules.marker_begin, rules.marker_end].map((mark) => rules.marker.replaceAll('{mark}', mark));
  const from = lines.findLastIndex((line) => withEnd(line) === `${begin}\n`);
  const to = lines.findLastIndex((line) => withEnd(line) === `${end}\n`);
  const there = from >= 0 && to >= 0;
  const at = there ? Math.min(from, to) : placeOf(lines, rules);
  if (there) lines.splice(at, Math.abs(to - from) + 1);
  if (rules.block === '') return lines.join('');
  if (at > 0) lines[at - 1] = withEnd(lines[at - 1]!);
  const before = rules.prepend_newline && at > 0 && lines[at - 1] !== '\n' ? ['\n'] : [];
  const after = rules.append_newline && at < lines.length && lines[at] !== '\n' ? ['\n'] : [];
  lines.splice(at, 0, ...before, `${begin}\n`, withEnd(rules.block), `${end}\n`, ...after);
  return lines.join('');
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}

/** The index of the line before which a new block goes. */
function placeOf(lines: readonly string[], { insertafter: after, insertbefore: before }: BlockRules): number {
  if (before === 'BOF') return 0;
  const wanted = before ?? after;
  if (wanted === undefined || (before === undefined && wanted === 'EOF')) return lines.length;
  const expression = pythonRegex(wanted);
  const beyond = before === undefined ? 1 : 0;
  // With (?m) the expression speaks of the whole text, else of one line at a time.
  if (expression.multiline) {
    const text = lines.join('');
    const match = expression.search(text);
    if (match === undefined) return lines.length;
    return text.slice(0, beyond ? match.end : match.start).split('\n').length - 1 + beyond;
  }
  const found = lines.findLastIndex((line) => expression.test(line));
  return found < 0 ? lines.length : found + beyond;
}
