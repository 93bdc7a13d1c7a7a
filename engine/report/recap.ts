// The recap: one line of counts per host in Ansible's columns, which other programs read, and after it what only a dry
// run of troupe knows.

import type { Screen } from './listener.ts';
import { type Palette, paint } from './paint.ts';
import type { Counts, Tally } from './tally.ts';

const COLUMNS: readonly (readonly [keyof Counts, 'ok' | 'changed' | 'unreachable' | 'error' | 'skip' | 'warn'])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'error'],
  ['skipped', 'skip'],
  ['rescued', 'ok'],
  ['ignored', 'warn'],
];

/** The lines of all hosts, then a blank one; in a dry run also one line for each host with foreseen or unknown results. */
export function recap(tally: Tally, palette: Palette, screen: Screen): string {
  const lines = tally.hosts().map((host) => recapLine(host, tally.of(host), palette, screen.colourOut));
  const beyond = tally.hosts().flatMap((host) => {
    const { foreseen, unknown } = tally.of(host);
    return foreseen + unknown > 0 ? [`${host.padEnd(26)} : foreseen=${foreseen} unknown=${unknown}\n`] : [];
  });
  return `${lines.join('')}\n${beyond.length > 0 ? `${beyond.join('')}\n` : ''}`;
}

function recapLine(host: string, counts: Counts, palette: Palette, colour: boolean): string {
  const worst =
    counts.failed > 0 || counts.unreachable > 0 ? palette.error : counts.changed > 0 ? palette.changed : palette.ok;
  const cells = COLUMNS.map(([key, meaning]) => {
    const cell = `${key}=${String(counts[key]).padEnd(4)}`;
    return paint(cell, palette[meaning], colour && counts[key] > 0);
  });
  return `${paint(host, worst, colour)}${' '.repeat(Math.max(0, 26 - host.length))} : ${cells.join(' ')}\n`;
}
