// ansible.utils' tests of addresses, and community.general's of host names.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { isLoopback, isMulticast, isPrivateAddress } from '../filters/network/ranges.ts';
import { iterate, truth } from '../python/compare.ts';
import { IpNetwork, readAddress, readNetwork } from '../python/ipaddress.ts';
import { isNumeric, toNumber } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type TestTable, test } from './define.ts';

/** A part of an address that could be meant in octal. */
const OCTAL = /(?:^|\.)0\d/;

/** A single address, without prefix. */
function addressOf(input: Value): IpNetwork | undefined {
  if (!isText(input) || OCTAL.test(str(input))) return undefined;
  const found = readAddress(str(input));
  return found === undefined ? undefined : new IpNetwork(found.version, found.ip, found.version === 4 ? 32 : 128);
}

/** A network that is written by its own address, or a single address. */
function networkOf(input: Value): IpNetwork | undefined {
  if (!isText(input) || OCTAL.test(str(input))) return undefined;
  const text = str(input);
  if (!text.includes('/') && readAddress(text) === undefined) return undefined;
  const network = readNetwork(text);
  return network?.isNetworkAddress === true ? network : undefined;
}

function single(name: string, holds: (address: IpNetwork) => boolean) {
  return test(name, [], (input) => {
    const address = addressOf(input);
    return address !== undefined && holds(address);
  });
}

function isWithin(inner: Value, outer: Value): boolean {
  const [small, large] = [networkOf(inner), networkOf(outer)];
  return small !== undefined && large?.contains(small) === true;
}

const RESERVED = [
  '240.0.0.0/4',
  '::/8',
  '100::/8',
  '200::/7',
  '400::/6',
  '800::/5',
  '1000::/4',
  '4000::/3',
  '6000::/3',
  '8000::/3',
  'a000::/3',
  'c000::/3',
  'e000::/4',
  'f000::/5',
  'f800::/6',
  'fe00::/9',
].map((text) => readNetwork(text)!);

function isMask(address: IpNetwork, which: 'netmask' | 'hostmask'): boolean {
  if (address.version !== 4 || address.ip === 0n || address.ip === 0xffffffffn) return false;
  return Array.from({ length: 33 }, (_, prefix) => new IpNetwork(4, 0n, prefix)).some(
    (network) => network[which] === address.ip,
  );
}

function isMac(input: Value): boolean {
  if (!isText(input)) throw new Fault('TypeError', `expected string or bytes-like object, got '${typeName(input)}'`);
  return /^(?:[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2})$/i.test(
    str(input),
  );
}

function inMany(input: Value, networks: Value | undefined): boolean {
  return iterate(networks!).some((network) => isWithin(input, network));
}

function isFqdn(input: Value, [minLabels, allowUnderscores]: Bound): boolean {
  if (!isText(input)) throw new Fault('TypeError', 'fqdn must be str');
  const name = str(input).replace(/\.$/, '');
  const least = minLabels !== undefined && isNumeric(minLabels) ? toNumber(minLabels) : 1;
  const extra = allowUnderscores !== undefined && truth(allowUnderscores) ? '_' : '';
  const label = new RegExp(`^(?!-)[A-Za-z0-9${extra}-]{1,63}(?<!-)$`);
  const labels = name.split('.');
  return name.length > 0 && name.length <= 253 && labels.length >= least && labels.every((each) => label.test(each));
}

export const networkTests: TestTable = [
  ...test('ip', [], (input) => networkOf(input) !== undefined),
  ...single('ip_address', () => true),
  ...test('ipv4', [], (input) => networkOf(input)?.version === 4),
  ...single('ipv4_address', ({ version }) => version === 4),
  ...single('ipv4_netmask', (address) => isMask(address, 'netmask')),
  ...single('ipv4_hostmask', (address) => isMask(address, 'hostmask')),
  ...test('ipv6', [], (input) => networkOf(input)?.version === 6),
  ...single('ipv6_address', ({ version }) => version === 6),
  ...single('ipv6_ipv4_mapped', ({ version, ip }) => version === 6 && ip >> 32n === 0xffffn),
  ...single('ipv6_sixtofour', ({ version, ip }) => version === 6 && ip >> 112n === 0x2002n),
  ...single('ipv6_teredo', ({ version, ip }) => version === 6 && ip >> 96n === 0x20010000n),
  ...single('loopback', isLoopback),
  ...single('multicast', isMulticast),
  ...single('private', isPrivateAddress),
  ...single('public', (address) => !isPrivateAddress(address) && !isShared(address)),
  ...single('reserved', (address) => RESERVED.some((network) => network.contains(address))),
  ...single('unspecified', ({ ip }) => ip === 0n),
  ...test('mac', [], isMac),
  ...test('in_network', ['network'], (input, [network]) => isWithin(input, network!)),
  ...test('subnet_of', ['network'], (input, [network]) => isWithin(input, network!)),
  ...test('supernet_of', ['network'], (input, [network]) => isWithin(network!, input)),
  ...test('in_any_network', ['networks'], (input, [networks]) => inMany(input, networks)),
  ...test('in_one_network', ['networks'], (input, [networks]) => inMany(input, networks)),
];

export const hostnameTests: TestTable = [...test('fqdn_valid', ['min_labels?', 'allow_underscores?'], isFqdn)];

/** The carriers' shared range is neither private nor public. */
function isShared(address: IpNetwork): boolean {
  return readNetwork('100.64.0.0/10')!.contains(address);
}
