// Differences as --diff shows them: unified, with headers, or the reason why there is nothing to compare.

import { structuredPatch } from 'diff/lib/patch/create.js';
import { jsonText } from '../model/json-text.ts';
import type { Diff } from '../model/resource.ts';
import type { Json } from '../model/value.ts';
import { type Palette, paint } from './paint.ts';

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
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return `${lines.map((line) => paint(line, colourOf(line, palette), colour)).join('')}\n`;
}

function colourOf(line: string, palette: Palette): string | undefined {
  if (line.startsWith('+')) return palette.diff_add;
  if (line.startsWith('-')) return palette.diff_remove;
  return line.startsWith('@@') ? palette.diff_lines : undefined;
}

function unified(diff: Diff, context: number): string {
  const before = comparable(diff.before);
  const after = comparable(diff.after);
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context });
  if (patch.hunks.length === 0) return '';
  const lines = [header('--- before', diff.beforeHeader), header('+++ after', diff.afterHeader)];
  for (const hunk of patch.hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    lines.push(...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
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
