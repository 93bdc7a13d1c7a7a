// Differences as --diff shows them: unified, with headers, or the reason why there is nothing to compare.

import type { StructuredPatchHunk } from 'diff';
import { structuredPatch } from 'diff/lib/patch/create.js';
import { jsonText } from '../model/json-text.ts';
import type { Diff } from '../model/resource.ts';
import type { Json } from '../model/value.ts';
import { type Palette, paint } from './paint.ts';

/** Lines that differ beyond which the least difference is not looked for: it would take minutes. */
const MOST_EDITS = 2_000;

/** The text to print for the differences of one result, each ending in its own blank line; '' when there are none. */
export function showDiffs(diffs: readonly Diff[], context: number, palette: Palette, colour: boolean): string {
  return diffs.map((diff) => showDiff(diff, context, palette, colour)).join('');
}

function showDiff(diff: Diff, context: number, palette: Palette, colour: boolean): string {
  if (diff.skipped === 'dst_binary') return 'diff skipped: destination file appears to be binary\n';
  if (diff.skipped === 'src_binary') return 'diff skipped: source file appears to be binary\n';
  if (diff.skipped !== undefined) return `diff skipped: destination file size is greater than ${diff.skipped.larger}\n`;
  const parts: string[] = [];
  if (diff.before !== undefined || diff.after !== undefined) parts.push(unified(diff, context));
  if (diff.prepared !== undefined) parts.push(diff.prepared);
  const text = parts.join('');
  if (text === '') return '';
  // Each line takes its newline along into its colour, as Ansible's do.
  return `${linesOf(text)
    .map((line) => paint(line, colourOf(line, palette), colour))
    .join('')}\n`;
}

function colourOf(line: string, palette: Palette): string | undefined {
  if (line.startsWith('+')) return palette.diff_add;
  if (line.startsWith('-')) return palette.diff_remove;
  return line.startsWith('@@') ? palette.diff_lines : undefined;
}

function unified(diff: Diff, context: number): string {
  const before = comparable(diff.before);
  const after = comparable(diff.after);
  const options = { context, maxEditLength: MOST_EDITS };
  const hunks = structuredPatch('', '', before, after, undefined, undefined, options)?.hunks ?? [
    replaced(before, after, context),
  ];
  if (hunks.length === 0) return '';
  const lines = [header('--- before', diff.beforeHeader), header('+++ after', diff.afterHeader)];
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    lines.push(...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}

/** Everything between the first and the last line that differ, taken out and put in. */
function replaced(before: string, after: string, context: number): StructuredPatchHunk {
  const [old, made] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, made.length);
  let head = 0;
  while (head < shorter && old[head] === made[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === made.at(-1 - tail)) tail += 1;
  const start = Math.max(0, head - context);
  const behind = Math.max(0, tail - context);
  return {
    oldStart: start + 1,
    oldLines: old.length - behind - start,
    newStart: start + 1,
    newLines: made.length - behind - start,
    lines: [
      ...marked(' ', old.slice(start, head)),
      ...marked('-', old.slice(head, old.length - tail)),
      ...marked('+', made.slice(head, made.length - tail)),
      ...marked(' ', old.slice(old.length - tail, old.length - behind)),
    ],
  };
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(sign: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [sign + line.slice(0, -1)] : [sign + line, '\\ No newline at end of file'],
  );
}

function header(side: string, name: string | undefined): string {
  return name === undefined || name === '' ? side : `${side}: ${name}`;
}

function range(start: number, count: number): string {
  if (count === 1) return String(start);
  // An empty side is named by the line before it.
  return `${count === 0 ? start - 1 : start},${count}`;
}

/** Text as it is; anything structured as sorted JSON, so that its lines can be compared. */
function comparable(side: Json | undefined): string {
  if (side === undefined || side === null) return '';
  return typeof side === 'string' ? side : `${jsonText(side, { indent: 4, sortKeys: true })}\n`;
}
