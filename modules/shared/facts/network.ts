// Interfaces, addresses and default routes: from ip where it is there, else from ifconfig and /proc.

import type { Json, JsonObject } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import type { FactGroup } from './group.ts';

export const network: FactGroup = {
  name: 'network',
  family: 'network',
  aliases: [
    'interfaces',
    'default_ipv4',
    'default_ipv6',
    'all_ipv4_addresses',
    'all_ipv6_addresses',
    'locally_reachable_ips',
  ],
  script: () =>
    lines(
      section('net'),
      sh`get() { value=; [ -r "$1" ] && read -r value < "$1" 2>/dev/null; printf '%s\035' "$value"; }
for folder in /sys/class/net/*; do [ -e "$folder/address" ] || continue
  printf '%s\035' "$(basename "$folder")"; for item in address mtu operstate type flags speed bridge/bridge_id bonding/mode; do get "$folder/$item"; done
  module=$(readlink "$folder/device/driver/module"); [ -z "$module" ] || module=$(basename "$module"); printf '%s\035' "$module"
  device=; [ ! -e "$folder/device" ] || device=$(basename "$(readlink -f "$folder/device")"); printf '%s\035' "$device"
  ports=; [ ! -d "$folder/brif" ] || ports=$(ls "$folder/brif" | tr '\n' ' '); printf '%s\035' "$ports"; [ -d "$folder/bridge" ] && printf bridge; [ -d "$folder/bonding" ] && printf bonding; echo
done`,
      section('addresses'),
      sh`if command -v ip >/dev/null 2>&1; then ip -o addr 2>/dev/null || ip addr 2>/dev/null; else echo ifconfig; ifconfig -a 2>/dev/null; fi`,
      section('route4'),
      sh`ip -4 route get 8.8.8.8 2>/dev/null || awk '$2 == "00000000" && $8 == "00000000" {print "proc " $1 " " $3}' /proc/net/route 2>/dev/null`,
      section('route6'),
      sh`ip -6 route get 2404:6800:400a:800::1012 2>/dev/null`,
      section('local4'),
      sh`ip -4 route show table local 2>/dev/null`,
      section('local6'),
      sh`ip -6 route show table local 2>/dev/null`,
    ),
  read: readNetwork,
};

interface Address {
  readonly device: string;
  readonly label: string;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string;
  readonly scope: string;
  readonly secondary: boolean;
}

/** `ip -o addr` (or `ip addr`, or `ifconfig -a`) as addresses. */
export function readAddresses(text: string): Address[] {
  if (text.startsWith('ifconfig')) return readIfconfig(text);
  const found: Address[] = [];
  let device = '';
  for (const line of text.split('\n')) {
    const head = /^\d+:\s+([^\s:@]+)/.exec(line);
    if (head !== null) device = head[1]!;
    const match = /\binet(6?) ([0-9a-fA-F.:]+)(?: peer [^\s/]+)?\/?(\d+)?(.*)/.exec(line);
    if (match === null) continue;
    const rest = match[4]!.split('\\')[0]!;
    const family = match[1] === '6' ? 6 : 4;
    found.push({
      device,
      family,
      address: match[2]!,
      prefix: match[3] === undefined ? (family === 6 ? 128 : 32) : Number(match[3]),
      broadcast: /\bbrd (\S+)/.exec(rest)?.[1] ?? '',
      scope: /\bscope (\S+)/.exec(rest)?.[1] ?? '',
      secondary: /\bsecondary\b/.test(rest),
      label:
        /\bscope \S+ (?:secondary |dynamic |noprefixroute |deprecated |tentative )*([A-Za-z][^\s\\]*)/.exec(
          rest,
        )?.[1] ?? device,
    });
  }
  return found;
}

function readIfconfig(text: string): Address[] {
  const found: Address[] = [];
  let device = '';
  for (const line of text.split('\n').slice(1)) {
    const head = /^(\S+?):?\s/.exec(line);
    if (head !== null && !line.startsWith(' ')) device = head[1]!;
    const v4 = /inet (?:addr:)?(\d+\.\d+\.\d+\.\d+)/.exec(line);
    const mask = /(?:Mask:|netmask )(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1];
    if (v4 !== null) {
      const broadcast = /(?:Bcast:|broadcast )(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? '';
      const prefix = mask === undefined ? 32 : prefixOf(mask);
      found.push({
        device,
        label: device,
        family: 4,
        address: v4[1]!,
        prefix,
        broadcast,
        scope: 'global',
        secondary: false,
      });
    }
    const v6 = /inet6 (?:addr: ?)?([0-9a-fA-F:]+)\/(\d+)\s+Scope:(\w+)/.exec(line);
    if (v6 !== null) {
      const scope = v6[3]!.toLowerCase();
      found.push({
        device,
        label: device,
        family: 6,
        address: v6[1]!,
        prefix: Number(v6[2]),
        broadcast: '',
        scope,
        secondary: false,
      });
    }
  }
  return found;
}

function prefixOf(mask: string): number {
  return mask
    .split('.')
    .map((octet) => Number(octet).toString(2).replaceAll('0', '').length)
    .reduce((sum, bits) => sum + bits, 0);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => ((sum << 8) | Number(octet)) >>> 0, 0);
}

function v4(address: Address): JsonObject {
  const mask = maskOf(address.prefix);
  return {
    address: address.address,
    broadcast: address.broadcast,
    netmask: dotted(mask),
    network: dotted((numberOf(address.address) & mask) >>> 0),
    prefix: String(address.prefix),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '1': 'ether',
  '772': 'loopback',
  '32': 'infiniband',
  '512': 'ppp',
  '65534': 'tunnel',
};
const BONDS = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'];

function readNetwork(sections: Sections): JsonObject {
  const addresses = readAddresses(sections.text('addresses'));
  const interfaces: Record<string, Record<string, Json>> = {};
  for (const line of sections.lines('net')) {
    const [
      name = '',
      mac = '',
      mtu = '',
      state = '',
      type = '',
      flags = '0',
      speed = '',
      ,
      bond = '',
      module = '',
      device = '',
      ports = '',
      kind = '',
    ] = line.split('\x1d');
    const own = addresses.filter((address) => address.device === name);
    const [first, ...others] = own.filter((address) => address.family === 4 && address.label === name);
    const six = own.filter((address) => address.family === 6);
    interfaces[name] = {
      device: name,
      active: state !== 'down',
      type: kind === 'bridge' ? 'bridge' : kind === 'bonding' ? 'bonding' : (TYPES[type] ?? 'unknown'),
      mtu: Number(mtu),
      promisc: (Number.parseInt(flags, 16) & 0x100) !== 0,
      ...(mac !== '' && mac !== '00:00:00:00:00:00' ? { macaddress: mac } : {}),
      ...(/^\d+$/.test(speed) ? { speed: Number(speed) } : {}),
      ...(module === '' ? {} : { module }),
      ...(/^[0-9a-f]{4}:/.test(device) ? { pciid: device } : {}),
      ...(kind === 'bridge'
        ? {
            interfaces: ports
              .trim()
              .split(' ')
              .filter((port) => port !== ''),
          }
        : {}),
      ...(kind === 'bonding' ? { mode: BONDS.find((mode) => bond.startsWith(mode)) ?? bond } : {}),
      ...(first === undefined ? {} : { ipv4: v4(first) }),
      ...(others.length === 0 ? {} : { ipv4_secondaries: others.map(v4) }),
      ...(six.length === 0
        ? {}
        : {
            ipv6: six.map((address) => ({
              address: address.address,
              prefix: String(address.prefix),
              scope: address.scope,
            })),
          }),
    };
  }
  const facts: Record<string, Json> = {
    interfaces: Object.keys(interfaces),
    all_ipv4_addresses: addresses
      .filter((one) => one.family === 4 && !one.address.startsWith('127.'))
      .map((one) => one.address),
    all_ipv6_addresses: addresses.filter((one) => one.family === 6 && one.address !== '::1').map((one) => one.address),
    default_ipv4: defaultOf(sections.word('route4'), addresses, interfaces, 4),
    default_ipv6: defaultOf(sections.word('route6'), addresses, interfaces, 6),
    locally_reachable_ips: { ipv4: reachable(sections.text('local4')), ipv6: reachable(sections.text('local6')) },
  };
  for (const [name, described] of Object.entries(interfaces)) facts[name.replaceAll(/[-:.]/g, '_')] = described;
  return facts;
}

function reachable(text: string): string[] {
  const found = [...text.matchAll(/^local (\S+)/gm)].map((match) => match[1]!);
  return [...new Set(found)].sort();
}

function defaultOf(
  route: string,
  addresses: readonly Address[],
  interfaces: Readonly<Record<string, Record<string, Json>>>,
  family: 4 | 6,
): JsonObject {
  const fromProc = /^proc (\S+) ([0-9A-F]{8})$/m.exec(route);
  const device = fromProc?.[1] ?? /\bdev (\S+)/.exec(route)?.[1];
  if (device === undefined || /^(unreachable|RTNETLINK)/.test(route)) return {};
  const source = /\bsrc (\S+)/.exec(route)?.[1];
  const address = addresses.find(
    (one) => one.family === family && (source === undefined ? one.device === device : one.address === source),
  );
  if (address === undefined) return {};
  const gateway = fromProc ? dotted(swapped(fromProc[2]!)) : /\bvia (\S+)/.exec(route)?.[1];
  const described = interfaces[device] ?? {};
  const shared = {
    address: address.address,
    ...(gateway === undefined ? {} : { gateway }),
    interface: device,
    macaddress: described['macaddress'] ?? null,
    mtu: described['mtu'] ?? null,
    type: described['type'] ?? 'unknown',
  };
  if (family === 6) return { ...shared, prefix: String(address.prefix), scope: address.scope };
  return { ...shared, ...v4(address), alias: address.label };
}

/** /proc/net/route has addresses in the byte order of the machine. */
function swapped(hex: string): number {
  return numberOf(
    (hex.match(/../g) ?? [])
      .reverse()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.'),
  );
}
