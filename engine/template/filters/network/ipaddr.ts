// ipaddr, ipv4, ipv6 and ipwrap: reading the value, choosing the query, and the same for lists.

import { type Template, Tuple, type Value } from '../../../model/value.ts';
import { iterate, truth } from '../../python/compare.ts';
import { IpNetwork, mostOf, readNetwork, type Version } from '../../python/ipaddress.ts';
import { isInt } from '../../python/numbers.ts';
import { str } from '../../python/text.ts';
import { isText, typeName } from '../../python/types.ts';
import { type Bound, type FilterTable, filter, refuse } from '../define.ts';
import { QUERIES, type Subject } from './queries.ts';

/** Reads what may be handed in for an address: text, or an int; undefined for what is none. */
export function readSubject(value: Value, version?: Version): Subject | undefined {
  if (isInt(value) || (isText(value) && /^\d+$/.test(str(value)))) {
    const ip = BigInt(str(value));
    const chosen = version ?? (ip > mostOf(4) ? 6 : 4);
    if (ip < 0n || ip > mostOf(chosen)) return undefined;
    const network = new IpNetwork(chosen, ip, chosen === 4 ? 32 : 128);
    return { network, bare: true, written: network.toString() };
  }
  const written = str(value);
  const counted = /^(\d+)\/(\d+)$/.exec(written);
  if (counted !== null) {
    const ip = BigInt(counted[1]!);
    const chosen = version ?? (ip > mostOf(4) ? 6 : 4);
    const prefix = Number(counted[2]);
    if (ip > mostOf(chosen) || prefix > (chosen === 4 ? 32 : 128)) return undefined;
    const network = new IpNetwork(chosen, ip, prefix);
    return { network, bare: false, written: network.toString() };
  }
  const network = readNetwork(written);
  return network === undefined ? undefined : { network, bare: !written.includes('/'), written };
}

/** Can the value be asked for an address at all? */
function isAsked(value: Value): value is boolean | number | bigint | string | Template {
  return typeof value === 'boolean' || isInt(value) || isText(value);
}

/** What `ipaddr` answers: false or None for what is no address or does not fit the query. */
export function ipaddr(value: Value, query: Value | undefined, version: Version | undefined, name: string): Value {
  if (Array.isArray(value) || value instanceof Tuple)
    return iterate(value)
      .map((item) => (isAsked(item) || Array.isArray(item) ? ipaddr(item, query, version, name) : false))
      .filter((item) => truth(item));
  if (!isAsked(value)) refuse(`Unrecognized type <${typeName(value)}> for ${name} filter <value>`);
  if (typeof value === 'boolean' || !truth(value)) return false;
  const subject = readSubject(value, version);
  if (subject === undefined) return false;
  const asked = query === undefined || query === null || query === false ? '' : str(query);
  if (version !== undefined && subject.network.version !== version) return false;
  return answer(subject, asked, name);
}

function answer(subject: Subject, asked: string, name: string): Value {
  const { network, bare, written } = subject;
  if (Object.hasOwn(QUERIES, asked)) return QUERIES[asked]!(subject);
  if (/^-?\d+$/.test(asked)) {
    if (network.size === 1n) return bare ? network.show(network.ip) : network.toString();
    const index = BigInt(asked);
    const address = index < 0n ? network.last + 1n + index : network.first + index;
    return address < network.first || address > network.last ? false : `${network.show(address)}/${network.prefix}`;
  }
  const range = readNetwork(asked);
  if (range === undefined) return refuse(`${name}: unknown filter type: ${asked}`);
  return range.contains(network) ? written : null;
}

function byVersion(name: string, version?: Version) {
  return (input: Value, [query, wanted]: Bound): Value => {
    const asked = wanted === undefined || wanted === null ? version : Number(wanted) === 6 ? 6 : 4;
    return ipaddr(input, query, asked, name);
  };
}

/** IPv6 addresses in brackets, anything else as it is. */
function ipwrap(input: Value): Value {
  if (Array.isArray(input)) return input.map(ipwrap);
  if (typeof input === 'boolean') return input;
  if (!isText(input)) return refuse(`Unrecognized type <${typeName(input)}> for ipwrap filter <value>`);
  const subject = str(input) === '' ? undefined : readSubject(input);
  if (subject === undefined) return input;
  const plain = answer(subject, '', 'ipwrap');
  return QUERIES['wrap']!({ ...subject, written: str(plain) });
}

export const addressFilters: FilterTable = [
  filter('ipaddr', ['query?', 'version?', 'alias?'], byVersion('ipaddr')),
  filter('ipv4', ['query?'], byVersion('ipv4', 4)),
  filter('ipv6', ['query?'], byVersion('ipv6', 6)),
  filter('ipwrap', ['query?'], ipwrap),
];
