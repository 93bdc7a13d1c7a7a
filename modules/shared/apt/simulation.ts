// What apt-get -s says that it would do.

export interface Simulated {
  readonly name: string;
  readonly arch: string;
  /** What is installed now, if it is. */
  readonly from: string | undefined;
  /** What would be; undefined for a removal. */
  readonly to: string | undefined;
}

/** Packages that would be installed, upgraded or removed, in order. */
export function parseSimulation(output: string): Simulated[] {
  const found: Simulated[] = [];
  for (const line of output.split('\n')) {
    const install = /^Inst (\S+)(?: \[([^\]]*)\])? \((\S+)[^[)]*(?:\[([^\]]*)\])?/.exec(line);
    if (install !== null) {
      const name = install[1]!.replace(/:[a-z0-9]+$/, '');
      found.push({ name, arch: install[4] ?? '', from: install[2], to: install[3] });
      continue;
    }
    const removal = /^(?:Remv|Purg) (\S+)(?: \[([^\]]*)\])?/.exec(line);
    if (removal === null) continue;
    const name = removal[1]!.replace(/:[a-z0-9]+$/, '');
    if (!found.some((other) => other.name === name && other.to === undefined))
      found.push({ name, arch: '', from: removal[2] ?? '', to: undefined });
  }
  return found;
}

/** Names that apt does not know, or has nothing to install for. */
export function unknownNames(errors: string): string[] {
  const names: string[] = [];
  for (const match of errors.matchAll(
    /^E: (?:Unable to locate package (\S+)|Package '([^']+)' has no installation candidate|Couldn't find any package by (?:glob|regex) '([^']+)')/gm,
  )) {
    names.push((match[1] ?? match[2] ?? match[3])!);
  }
  return [...new Set(names)];
}

/** Packages whose wanted version apt does not have. */
export function unknownVersions(errors: string): string[] {
  return [...errors.matchAll(/^E: Version '([^']+)' for '([^']+)' was not found/gm)].map(
    (match) => `${match[2]}=${match[1]}`,
  );
}
