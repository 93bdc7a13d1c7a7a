// Which addresses are private, public, link-local ..., by the registries of IANA.

import { IpNetwork, readNetwork } from '../../python/ipaddress.ts';

function networks(...texts: string[]): readonly IpNetwork[] {
  return texts.map((text) => readNetwork(text)!);
}

const MULTICAST = networks('224.0.0.0/4', 'ff00::/8');
const LOOPBACK = networks('127.0.0.0/8', '::1/128');
const LINK_LOCAL = networks('169.254.0.0/16', 'fe80::/10');
const NOT_GLOBAL = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/29',
  '192.0.0.170/31',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
);
const GLOBAL_V6 = networks('2000::/3')[0]!;

function lies(address: IpNetwork, within: readonly IpNetwork[]): boolean {
  const single = new IpNetwork(address.version, address.ip, address.width);
  return within.some((network) => network.contains(single));
}

export function isMulticast(address: IpNetwork): boolean {
  return lies(address, MULTICAST);
}
export function isLoopback(address: IpNetwork): boolean {
  return lies(address, LOOPBACK);
}
export function isLinkLocal(address: IpNetwork): boolean {
  return lies(address, LINK_LOCAL);
}

/** Not reachable from everywhere; multicast of IPv4 is neither private nor public. */
export function isPrivate(address: IpNetwork): boolean {
  if (address.version === 6 && !lies(address, [GLOBAL_V6])) return true;
  return lies(address, NOT_GLOBAL);
}
export function isPublic(address: IpNetwork): boolean {
  return !isPrivate(address) && !isMulticast(address);
}

const PRIVATE = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/29',
  '192.0.0.170/31',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
);

/** Private as Python's ipaddress has it, which the test `private` asks: an IPv4-mapped address is judged as IPv4. */
export function isPrivateAddress(address: IpNetwork): boolean {
  const isMapped = address.version === 6 && address.ip >> 32n === 0xffffn;
  return lies(isMapped ? new IpNetwork(4, address.ip & 0xffffffffn, 32) : address, PRIVATE);
}
