// What apt is asked for: package names with versions and wildcards, as the module takes them.

export interface PackageSpec {
  /** As written. */
  readonly text: string;
  /** Name, perhaps with `:arch` or wildcards. */
  readonly name: string;
  readonly operator: '=' | '>=' | undefined;
  readonly version: string | undefined;
  /** The name has wildcards. */
  readonly wild: boolean;
}

/** Reads `nginx`, `nginx=1.2*`, `nginx>=1.2`, `nginx*`. */
export function parseSpec(text: string): PackageSpec {
  const match = /^([^=><]+?)\s*(?:(>=|=)\s*(\S+))?$/.exec(text.trim());
  const name = match?.[1] ?? text.trim();
  return {
    text: text.trim(),
    name,
    operator: match?.[2] as PackageSpec['operator'],
    version: match?.[3],
    wild: /[*?[\]]/.test(name),
  };
}

/** Does a version match a pattern with `*` and `?`? */
export function versionMatches(version: string, pattern: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|\\~]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(version);
}

/** Order of two Debian versions: below 0, 0, or above 0, as dpkg compares them. */
export function compareVersions(a: string, b: string): number {
  const [epochA, upstreamA, revisionA] = parts(a);
  const [epochB, upstreamB, revisionB] = parts(b);
  return epochA - epochB || comparePart(upstreamA, upstreamB) || comparePart(revisionA, revisionB);
}

function parts(version: string): [number, string, string] {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return [
    colon < 0 ? 0 : Number(version.slice(0, colon)),
    dash < 0 ? rest : rest.slice(0, dash),
    dash < 0 ? '0' : rest.slice(dash + 1),
  ];
}

function comparePart(a: string, b: string): number {
  const piecesA = a.match(/\d+|\D+/g) ?? [];
  const piecesB = b.match(/\d+|\D+/g) ?? [];
  let i = 0;
  let j = 0;
  while (i < piecesA.length || j < piecesB.length) {
    const textA = /^\D/.test(piecesA[i] ?? '') ? piecesA[i++]! : '';
    const textB = /^\D/.test(piecesB[j] ?? '') ? piecesB[j++]! : '';
    const text = compareText(textA, textB);
    if (text !== 0) return text;
    const number = Number(piecesA[i++] ?? 0) - Number(piecesB[j++] ?? 0);
    if (number !== 0) return number;
  }
  return 0;
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = weight(a[at]) - weight(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `~` sorts before the end, letters before other signs. */
function weight(sign: string | undefined): number {
  if (sign === '~') return -1;
  if (sign === undefined) return 0;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
}
