// IP addresses and networks as netaddr has them: read, printed and counted with; addresses are bigints.

export type Version = 4 | 6;

/** An address with a prefix; `ip` may lie within the network. */
export class IpNetwork {
  readonly version: Version;
  readonly ip: bigint;
  readonly prefix: number;

  constructor(version: Version, ip: bigint, prefix: number) {
    this.version = version;
    this.ip = ip;
    this.prefix = prefix;
  }

  get width(): number {
    return widthOf(this.version);
  }
  get size(): bigint {
    return 1n << BigInt(this.width - this.prefix);
  }
  get hostmask(): bigint {
    return this.size - 1n;
  }
  get netmask(): bigint {
    return mostOf(this.version) ^ this.hostmask;
  }
  get first(): bigint {
    return this.ip & this.netmask;
  }
  get last(): bigint {
    return this.first | this.hostmask;
  }
  get isNetworkAddress(): boolean {
    return this.ip === this.first;
  }

  /** An address of the same version as text. */
  show(address: bigint): string {
    return showAddress(this.version, address);
  }

  contains(other: IpNetwork): boolean {
    return this.version === other.version && other.first >= this.first && other.last <= this.last;
  }

  toString(): string {
    return `${this.show(this.ip)}/${this.prefix}`;
  }
}

function widthOf(version: Version): number {
  return version === 4 ? 32 : 128;
}

/** The highest address of a version. */
export function mostOf(version: Version): bigint {
  return (1n << BigInt(widthOf(version))) - 1n;
}

/** An address as text: IPv6 compressed and in lower case. */
export function showAddress(version: Version, address: bigint): string {
  return version === 4 ? showV4(address) : showV6(address);
}

function showV4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

/** The eight groups of an IPv6 address. */
export function groupsOf(address: bigint): number[] {
  return Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
}

function showV6(address: bigint): string {
  const groups = groupsOf(address);
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; ) {
    let end = i;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - i > length) [start, length] = [i, end - i];
    i = Math.max(end, i + 1);
  }
  if (start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff)))
    return `::${length === 5 ? 'ffff:' : ''}${showV4(address & 0xffffffffn)}`;
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** Reads an address; undefined for what is none. `partial` fills up `10.1` with zeros. */
export function readAddress(
  text: string,
  partial = false,
): { readonly version: Version; readonly ip: bigint } | undefined {
  if (text.includes(':')) {
    const ip = readV6(text);
    return ip === undefined ? undefined : { version: 6, ip };
  }
  const ip = readV4(text, partial);
  return ip === undefined ? undefined : { version: 4, ip };
}

function readV4(text: string, partial: boolean): bigint | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || (parts.length < 4 && !partial)) return undefined;
  let ip = 0n;
  for (let i = 0; i < 4; i++) {
    const part = parts[i] ?? '0';
    if (!/^\d{1,3}$/.test(part)) return undefined;
    const octet = /^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part);
    if (octet > 255) return undefined;
    ip = (ip << 8n) | BigInt(octet);
  }
  return ip;
}

function readV6(text: string): bigint | undefined {
  let source = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const tail = readV4(dotted[2]!, false);
    if (tail === undefined) return undefined;
    source = `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head!, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Reads `address` or `address/prefix`, the prefix as a number, a netmask or a hostmask; undefined for what is none. */
export function readNetwork(text: string): IpNetwork | undefined {
  const [address = '', mask, more] = text.trim().split('/');
  if (more !== undefined) return undefined;
  const found = readAddress(address, true);
  if (found === undefined) return undefined;
  const prefix = mask === undefined ? widthOf(found.version) : readPrefix(mask, found.version);
  return prefix === undefined ? undefined : new IpNetwork(found.version, found.ip, prefix);
}

function readPrefix(mask: string, version: Version): number | undefined {
  if (/^\d+$/.test(mask)) return Number(mask) <= widthOf(version) ? Number(mask) : undefined;
  const found = readAddress(mask);
  if (found === undefined || found.version !== version) return undefined;
  for (let prefix = 0; prefix <= widthOf(version); prefix++) {
    const network = new IpNetwork(version, 0n, prefix);
    if (found.ip === network.netmask || found.ip === network.hostmask) return prefix;
  }
  return undefined;
}

/** The fewest networks that cover exactly the same addresses, in order. */
export function mergeNetworks(networks: readonly IpNetwork[]): IpNetwork[] {
  const merged: IpNetwork[] = [];
  for (const version of [4, 6] as const) {
    const ranges = networks
      .filter((network) => network.version === version)
      .map(({ first, last }) => ({ first, last }));
    ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const joined: { first: bigint; last: bigint }[] = [];
    for (const range of ranges) {
      const previous = joined[joined.length - 1];
      if (previous !== undefined && range.first <= previous.last + 1n) {
        if (range.last > previous.last) previous.last = range.last;
      } else joined.push(range);
    }
    for (const range of joined) merged.push(...coverRange(version, range.first, range.last));
  }
  return merged;
}

function coverRange(version: Version, first: bigint, last: bigint): IpNetwork[] {
  const networks: IpNetwork[] = [];
  for (let at = first; at <= last; ) {
    let prefix = widthOf(version);
    while (prefix > 0) {
      const wider = new IpNetwork(version, at, prefix - 1);
      if (!wider.isNetworkAddress || wider.last > last) break;
      prefix -= 1;
    }
    const network = new IpNetwork(version, at, prefix);
    networks.push(network);
    at = network.last + 1n;
  }
  return networks;
}

/** The smallest network that holds all of them, which are of one version. */
export function spanNetworks(networks: readonly IpNetwork[]): IpNetwork {
  const { version } = networks[0]!;
  let low = networks[0]!.first;
  let high = networks[0]!.last;
  for (const { first, last } of networks) {
    if (first < low) low = first;
    if (last > high) high = last;
  }
  let prefix = widthOf(version);
  while (new IpNetwork(version, low, prefix).last < high) prefix -= 1;
  return new IpNetwork(version, new IpNetwork(version, low, prefix).first, prefix);
}
