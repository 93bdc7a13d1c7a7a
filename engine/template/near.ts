// Names that were perhaps meant: those that are a slip or two away.

const MOST_SHOWN = 3;

/** The names nearest to `wanted`, at most three, the nearest first. */
export function nearest(wanted: string, names: Iterable<string>): string[] {
  const most = wanted.length < 4 ? 1 : wanted.length < 8 ? 2 : 3;
  const near: { name: string; slips: number }[] = [];
  for (const name of names) {
    if (name === wanted || Math.abs(name.length - wanted.length) > most) continue;
    const slips = distance(wanted.toLowerCase(), name.toLowerCase(), most);
    if (slips <= most) near.push({ name, slips });
  }
  near.sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1));
  return near.slice(0, MOST_SHOWN).map(({ name }) => name);
}

/** Insertions, deletions, changes and swaps of neighbours between the two; more than `most` once it is more. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      let slips = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, before[j - 2]! + 1);
      next.push(slips);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return row[b.length]!;
}
