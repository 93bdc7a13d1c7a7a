// What the benchmarks share: medians, tables for people, and the page that keeps them.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** The project's folder: benchmarks run from it. */
export const TOP = process.cwd();
const PAGE = join(TOP, 'docs/benchmarks.md');

/** The middle one; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A number with three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** A table in Markdown whose columns stand below each other: text left, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, 3, ...rows.map((row) => row[column]!.length)));
  const right = head.map((_, column) => rows.every((row) => /^[-\d.,]*(?: ?x| MB)?$/.test(row[column]!)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (right[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (right[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** What ran it, for the head of a table. */
export function machine(): string {
  return `node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'CPU'}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Prints a section and puts it into docs/benchmarks.md in place of the one of the same name. */
export function publish(title: string, body: string): void {
  console.log(`\n## ${title}\n\n${body}\n`);
  const head =
    '# Benchmarks\n\nMeasured by `make bench` and `make bench-templates`, which write this page. Ratios are theirs / ours: above 1, troupe is faster.\n';
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : head;
  const [intro = head, ...sections] = page.split(/^(?=## )/m);
  const section = `## ${title}\n\n${body}\n`;
  const place = sections.findIndex((each) => each.startsWith(`## ${title}\n`));
  if (place < 0) sections.push(section);
  else sections[place] = section;
  writeFileSync(PAGE, `${[intro, ...sections].map((each) => each.trimEnd()).join('\n\n')}\n`);
}
