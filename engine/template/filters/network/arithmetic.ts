// Filters that count within networks: ipmath, nthhost, ipsubnet, cidr_merge, next_nth_usable, slaac ...

import type { Dict, Value } from '../../../model/value.ts';
import { allowItems } from '../../limits.ts';
import { iterate } from '../../python/compare.ts';
import {
  groupsOf,
  IpNetwork,
  mergeNetworks,
  mostOf,
  readAddress,
  readNetwork,
  spanNetworks,
} from '../../python/ipaddress.ts';
import { isInt, parseInteger } from '../../python/numbers.ts';
import { str } from '../../python/text.ts';
import { isText } from '../../python/types.ts';
import { type Bound, type FilterTable, filter, refuse, text } from '../define.ts';
import { readMac } from './hardware.ts';
import { readSubject } from './ipaddr.ts';
import { usableOf } from './queries.ts';

function networkOf(value: Value): IpNetwork | undefined {
  return isText(value) || isInt(value) ? readSubject(value)?.network : undefined;
}

function count(value: Value | undefined, message: string): bigint {
  if (isInt(value)) return BigInt(value);
  const parsed = value !== undefined && isText(value) ? parseInteger(str(value)) : undefined;
  return parsed === undefined ? refuse(message) : BigInt(parsed);
}

function ipmath(input: Value, [amount]: Bound): Value {
  const ip =
    readAddress(str(input).replace(/\/.*$/, '')) ??
    refuse(`You must pass a valid IP address; ${str(input)} is invalid`);
  if (!isInt(amount)) refuse(`You must pass an integer for arithmetic; ${str(amount!)} is not a valid integer`);
  const moved = ip.ip + BigInt(amount);
  if (moved < 0n || moved > mostOf(ip.version)) refuse(`result outside valid IP address boundary: ${moved}`);
  return new IpNetwork(ip.version, moved, 0).show(moved);
}

function nthhost(input: Value, [query]: Bound): Value {
  const network = networkOf(input);
  const asked = text(query);
  if (network === undefined || asked === '') return false;
  const index = parseInteger(asked);
  if (index === undefined) return false;
  const offset = BigInt(index);
  const address = offset < 0n ? network.last + 1n + offset : network.first + offset;
  return address < network.first || address > network.last || network.size <= offset ? false : network.show(address);
}

function nthUsable(sign: 1n | -1n) {
  return (input: Value, [offset]: Bound): Value => {
    const network = networkOf(input);
    if (network === undefined) return false;
    const bounds = str(input).includes('/') ? usableOf(network) : undefined;
    const address = network.ip + sign * count(offset, 'Must pass in an integer');
    return bounds !== undefined && address >= bounds[0] && address <= bounds[1] ? network.show(address) : null;
  };
}

function inNetwork(input: Value, [test]: Bound): Value {
  const [outer, inner] = [networkOf(input), networkOf(test!)];
  return (
    outer !== undefined &&
    inner !== undefined &&
    outer.version === inner.version &&
    inner.ip >= outer.first &&
    inner.last <= outer.last &&
    outer.contains(inner)
  );
}

function inUsable(input: Value, [test]: Bound): Value {
  const [outer, inner] = [networkOf(input), networkOf(test!)];
  if (outer === undefined || inner === undefined || outer.version !== inner.version) return false;
  const bounds = usableOf(outer) ?? [outer.first, outer.last];
  return inner.first >= bounds[0] && inner.last <= bounds[1];
}

function reduceOnNetwork(input: Value, [network]: Bound): Value {
  const outer = networkOf(network!);
  return iterate(input).filter((item) => {
    const inner = networkOf(item);
    return outer !== undefined && inner !== undefined && outer.contains(inner);
  });
}

function slaac(input: Value, [mac]: Bound): Value {
  const network = networkOf(input);
  if (network === undefined || network.version === 4) return false;
  const address = readMac(text(mac));
  if (address === undefined) return false;
  const eui64 = ((address.value >> 24n) << 40n) | (0xfffen << 24n) | (address.value & 0xffffffn);
  return network.show(network.first + (eui64 ^ (1n << 57n)));
}

function cidrMerge(input: Value, [action]: Bound): Value {
  const how = text(action, 'merge');
  const networks = (isText(input) ? [input] : iterate(input)).map(
    (item) => networkOf(item) ?? refuse(`cidr_merge: error in netaddr: invalid IPNetwork ${str(item)}`),
  );
  if (how === 'merge') return mergeNetworks(networks).map((network) => network.toString());
  if (how !== 'span') return refuse(`cidr_merge: invalid action '${how}'`);
  if (networks.length === 0) return null;
  if (networks.length === 1) return networks[0]!.toString();
  return spanNetworks(networks).toString();
}

function ipsubnet(input: Value, [query, index]: Bound): Value {
  const network = networkOf(input);
  if (network === undefined) return false;
  const value = network.toString();
  const asked = text(query);
  if (asked === '') return `${network.show(network.first)}/${network.prefix}`;
  if (!/^\d+$/.test(asked)) {
    const outer = readNetwork(asked);
    if (outer === undefined) return refuse(`You must pass a valid subnet or IP address; ${asked} is invalid`);
    return rankWithin(outer, network, value);
  }
  const prefix = Number(asked);
  const at =
    index === undefined || index === null || text(index) === ''
      ? undefined
      : BigInt(parseInteger(str(index)) ?? refuse('index is no number'));
  if (network.size === 1n) return supernet(network, prefix, at);
  if (prefix < network.prefix) {
    if (at === undefined) return refuse(`Requested subnet size of ${prefix} is invalid`);
    return at === 0n ? `${network.show(network.first)}/${prefix}` : false;
  }
  if (prefix > network.width) return false;
  const total = 1n << BigInt(prefix - network.prefix);
  if (at === undefined) return String(total);
  const place = at < 0n ? total + at : at;
  if (place < 0n || place >= total) return false;
  return new IpNetwork(network.version, network.first + (place << BigInt(network.width - prefix)), prefix).toString();
}

/** For a single address: the network of that prefix around it, or the nth on the way from the widest. */
function supernet(network: IpNetwork, prefix: number, at: bigint | undefined): Value {
  if (prefix > network.width) return false;
  const wrapped = (length: number) =>
    new IpNetwork(network.version, new IpNetwork(network.version, network.ip, length).first, length).toString();
  if (at === undefined) return wrapped(prefix);
  const total = network.width - prefix;
  const place = Number(at < 0n ? BigInt(total) + at : at);
  return place < 0 || place >= total ? false : wrapped(prefix + place);
}

function rankWithin(outer: IpNetwork, inner: IpNetwork, value: string): Value {
  if (!outer.contains(inner)) return refuse(`${value} is not in the subnet ${outer.toString()}`);
  return String(((inner.first - outer.first) >> BigInt(inner.width - inner.prefix)) + 1n);
}

function ip4Hex(input: Value, [delimiter]: Bound): Value {
  const address = readAddress(str(input));
  if (address === undefined || address.version !== 4)
    return refuse(`You must pass a valid IP address; ${str(input)} is invalid`);
  const hex = address.ip.toString(16).padStart(8, '0');
  return hex.match(/../g)!.join(text(delimiter));
}

function ipv6form(input: Value, [format]: Bound): Value {
  const address = readAddress(str(input));
  if (address === undefined) return refuse(`You must pass a valid IP address; ${str(input)} is invalid`);
  const form = text(format);
  if (address.version === 4)
    return form === 'x509' ? refuse(`You must pass a valid IP address; ${str(input)} is invalid`) : str(input);
  const groups = groupsOf(address.ip).map((group) => group.toString(16));
  if (form === 'expand') return groups.map((group) => group.padStart(4, '0')).join(':');
  return form === 'x509' ? groups.join(':') : compressed(groups);
}

/** Groups with their longest run of zeros left out, never dotted. */
function compressed(groups: readonly string[]): string {
  const zeros = groups.join(':').match(/\b0(?::0\b)+/g) ?? [];
  const longest = zeros.reduce((best, run) => (run.length > best.length ? run : best), '');
  const joined = groups.join(':');
  if (longest === '') return joined;
  const at = joined.search(new RegExp(`\\b${longest}\\b`));
  return `${joined.slice(0, at).replace(/:$/, '')}::${joined.slice(at + longest.length).replace(/^:/, '')}`;
}

/** The first or last bits of an address, written in the groups that they fill. */
function ipcut(input: Value, [amount]: Bound): Value {
  const address = readAddress(str(input)) ?? refuse(`You must pass a valid IP address; ${str(input)} is invalid`);
  const wanted = Number(count(amount, 'the amount must be an integer'));
  const [width, unit, base] = address.version === 4 ? [32, 8, 10] : [128, 16, 16];
  const bits = address.ip.toString(2).padStart(width, '0');
  const taken = wanted >= 0 ? bits.slice(0, wanted) : bits.slice(wanted);
  const groups = taken.match(new RegExp(`.{1,${unit}}`, 'g')) ?? [];
  return groups.map((group) => Number.parseInt(group, 2).toString(base)).join(address.version === 4 ? '.' : ':');
}

function usableRange(input: Value): Value {
  const network = networkOf(input);
  if (network === undefined)
    return refuse(
      `Error while fetching network address: '${str(input)}' does not appear to be an IPv4 or IPv6 network`,
    );
  if (!network.isNetworkAddress) refuse(`${str(input)} has host bits set`);
  allowItems(Number(network.size), 'usable_range');
  const addresses: Value[] = [];
  for (let at = network.first; at <= network.last; at++) addresses.push(network.show(at));
  const range: Dict = new Map();
  range.set('usable_ips', addresses);
  range.set('number_of_ips', addresses.length);
  return range;
}

export const countingFilters: FilterTable = [
  filter('ipmath', ['amount'], ipmath),
  filter('nthhost', ['query?'], nthhost),
  filter('next_nth_usable', ['offset'], nthUsable(1n)),
  filter('previous_nth_usable', ['offset'], nthUsable(-1n)),
  filter('network_in_network', ['test'], inNetwork),
  filter('network_in_usable', ['test'], inUsable),
  filter('reduce_on_network', ['network'], reduceOnNetwork),
  filter('slaac', ['query?'], slaac),
  filter('cidr_merge', ['action?'], cidrMerge),
  filter('ipsubnet', ['query?', 'index?'], ipsubnet),
  filter('ipcut', ['amount'], ipcut),
  filter('ip4_hex', ['delimiter?'], ip4Hex),
  filter('ipv6form', ['format'], ipv6form),
  filter('usable_range', [], usableRange),
];
