// The queries of `ipaddr` by name: what each answers for one address or network.

import type { Value } from '../../../model/value.ts';
import { groupsOf, IpNetwork } from '../../python/ipaddress.ts';
import { int } from '../../python/numbers.ts';
import { refuse } from '../define.ts';
import { isLinkLocal, isLoopback, isMulticast, isPrivate, isPublic } from './ranges.ts';

/** What was handed to `ipaddr`, read. */
export interface Subject {
  readonly network: IpNetwork;
  /** True when it was written without a prefix. */
  readonly bare: boolean;
  /** As it was written. */
  readonly written: string;
}

type Query = (subject: Subject) => Value;

/** The first and last address that a host may have; undefined where there is none. */
export function usableOf(network: IpNetwork): readonly [bigint, bigint] | undefined {
  if (network.size === 1n) return undefined;
  return network.size === 2n ? [network.first, network.last] : [network.first + 1n, network.last - 1n];
}

function usable(answer: (network: IpNetwork, bounds: readonly [bigint, bigint]) => Value): Query {
  return ({ network, bare }) => {
    if (bare) refuse('Not a network address');
    const bounds = usableOf(network);
    return bounds === undefined ? null : answer(network, bounds);
  };
}

function stepped(step: bigint): Query {
  return usable((network, [first, last]) => {
    const address = network.ip + step;
    return address >= first && address <= last ? network.show(address) : null;
  });
}

function when(holds: (network: IpNetwork) => boolean): Query {
  return ({ network, written }) => (holds(network) ? written : null);
}

const address: Query = ({ network }) => {
  if (network.size <= 2n || !network.isNetworkAddress || network.version === 6) return network.show(network.ip);
  return null;
};

const cidr: Query = ({ network }) => network.toString();
const network: Query = ({ network }) => network.show(network.first);
const subnet: Query = ({ network }) => `${network.show(network.first)}/${network.prefix}`;
const hostmask: Query = ({ network }) => network.show(network.hostmask);
const netmask: Query = ({ network }) => network.show(network.netmask);

const host: Query = ({ network }) => (network.size <= 2n || !network.isNetworkAddress ? network.toString() : null);

const hostPrefix: Query = ({ network }) => {
  if (network.size <= 2n) return network.toString();
  return network.ip === network.first || network.ip === network.last ? false : network.toString();
};

function interfaceText(show: (network: IpNetwork) => string): Query {
  return ({ network }) =>
    network.size === 2n || (network.size > 2n && !network.isNetworkAddress) ? show(network) : null;
}

const isNetwork = (network: IpNetwork) => network.size > 1n && network.isNetworkAddress;

const peer: Query = ({ network, bare }) => {
  if (bare) return refuse('Not a network address');
  if (network.size === 2n) return network.show(network.ip ^ 1n);
  if (network.size !== 4n) return refuse('Not a point-to-point network');
  const place = network.ip - network.first;
  if (place === 0n) return refuse('Network address of /30 has no peer');
  if (place === 3n) return refuse('Broadcast address of /30 has no peer');
  return network.show(place === 1n ? network.ip + 1n : network.ip - 1n);
};

const toV4: Query = ({ network, written }) => {
  if (network.version === 4) return written;
  const isMapped = network.ip >> 32n === 0xffffn;
  if (!isMapped && network.ip >> 32n !== 0n) return false;
  return new IpNetwork(4, network.ip & 0xffffffffn, Math.max(network.prefix - 96, 0)).toString();
};

const toV6: Query = ({ network, written }) => {
  if (network.version === 6) return written;
  return new IpNetwork(6, (0xffffn << 32n) | network.ip, network.prefix + 96).toString();
};

const sixToFour: Query = (subject) => {
  const { network, written } = subject;
  if (network.version === 6) return network.ip >> 112n === 0x2002n ? written : false;
  if (isMulticast(network) || isNetwork(network)) return false;
  const hex = network.ip.toString(16).padStart(8, '0');
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
};

const reverse: Query = ({ network }) => {
  if (network.version === 4) return `${network.show(network.ip).split('.').reverse().join('.')}.in-addr.arpa.`;
  const digits = groupsOf(network.ip)
    .map((group) => group.toString(16).padStart(4, '0'))
    .join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
};

const wrap: Query = ({ network, bare, written }) => {
  if (network.version === 4) return written;
  return bare ? `[${network.show(network.ip)}]` : `[${network.show(network.ip)}]/${network.prefix}`;
};

export const QUERIES: Readonly<Record<string, Query>> = {
  '': ({ network, bare }) => (bare ? network.show(network.ip) : network.toString()),
  '6to4': sixToFour,
  address,
  'address/prefix': hostPrefix,
  bool: () => true,
  broadcast: ({ network }) => (network.size > 2n ? network.show(network.last) : null),
  cidr,
  first_usable: usable((network, [first]) => network.show(first)),
  gateway: hostPrefix,
  gw: hostPrefix,
  host,
  'host/prefix': hostPrefix,
  hostmask,
  hostnet: hostPrefix,
  int: ({ network, bare }) => (bare ? int(network.ip) : `${network.ip}/${network.prefix}`),
  ip: address,
  'ip/prefix': interfaceText(String),
  ip_netmask: interfaceText((network) => `${network.show(network.ip)} ${network.show(network.netmask)}`),
  ipv4: toV4,
  ipv6: toV6,
  last_usable: usable((network, [, last]) => network.show(last)),
  'link-local': when(isLinkLocal),
  lo: when(isLoopback),
  loopback: when(isLoopback),
  multicast: when(isMulticast),
  net: ({ network }) => (isNetwork(network) ? network.toString() : null),
  netmask,
  network,
  network_id: network,
  network_netmask: ({ network }) => `${network.show(network.first)} ${network.show(network.netmask)}`,
  network_wildcard: ({ network }) => `${network.show(network.first)} ${network.show(network.hostmask)}`,
  'network/prefix': subnet,
  next_usable: stepped(1n),
  peer,
  prefix: ({ network }) => network.prefix,
  previous_usable: stepped(-1n),
  private: when(isPrivate),
  public: when(isPublic),
  range_usable: usable((network, [first, last]) => `${network.show(first)}-${network.show(last)}`),
  revdns: reverse,
  router: hostPrefix,
  size: ({ network }) => int(network.size),
  size_usable: ({ network }) => {
    const bounds = usableOf(network);
    return bounds === undefined ? 0 : int(bounds[1] - bounds[0] + 1n);
  },
  subnet,
  type: ({ network }) => (isNetwork(network) ? 'network' : 'address'),
  unicast: when((network) => !isMulticast(network)),
  v4: toV4,
  v6: toV6,
  version: ({ network }) => network.version,
  wildcard: hostmask,
  wrap,
};
