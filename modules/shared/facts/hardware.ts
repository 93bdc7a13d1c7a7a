// Processors, memory, mounts, devices, DMI, uptime.

import type { Json, JsonObject } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import { type FactGroup, humanSize, megabytes } from './group.ts';

const processor: FactGroup = {
  name: 'processor',
  family: 'hardware',
  aliases: ['processor_cores', 'processor_count', 'processor_vcpus', 'flags'],
  script: () =>
    lines(
      section('cpuinfo'),
      sh`cat /proc/cpuinfo`,
      section('nproc'),
      sh`nproc 2>/dev/null || grep -c '^processor' /proc/cpuinfo`,
    ),
  read: (sections) => readProcessors(sections.text('cpuinfo'), Number(sections.word('nproc') || 1)),
};

/** The processor facts, from the text of /proc/cpuinfo. */
export function readProcessors(text: string, nproc: number): JsonObject {
  const list: string[] = [];
  const sockets = new Map<string, number>();
  let cores = 0;
  let siblings = 0;
  let socket = '';
  let count = 0;
  let flags: string[] = [];
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at < 0) continue;
    const key = line.slice(0, at).trim();
    const value = line.slice(at + 1).trim();
    if (key === 'processor' && /^\d+$/.test(value)) count++;
    if (['processor', 'vendor_id', 'model name', 'Vendor', 'Model Name', 'Processor', 'cpu'].includes(key))
      list.push(value);
    if (key === 'physical id') socket = value;
    if (key === 'cpu cores') {
      cores = Number(value);
      sockets.set(socket, cores);
    }
    if (key === 'siblings') siblings = Number(value);
    if ((key === 'flags' || key === 'Features') && flags.length === 0) flags = value.split(/\s+/);
  }
  const known = sockets.size > 0 && cores > 0;
  const sets = known ? sockets.size : Math.max(count, 1);
  const perSocket = known ? cores : 1;
  const threads = known && siblings > 0 ? Math.max(1, Math.floor(siblings / cores)) : 1;
  return {
    processor: list,
    processor_count: sets,
    processor_cores: perSocket,
    processor_threads_per_core: threads,
    processor_vcpus: sets * perSocket * threads,
    processor_nproc: nproc,
    ...(flags.length > 0 ? { flags } : {}),
  };
}

const memory: FactGroup = {
  name: 'memory',
  family: 'hardware',
  aliases: ['memory_mb', 'memtotal_mb', 'memfree_mb', 'swaptotal_mb', 'swapfree_mb'],
  script: () => lines(section('meminfo'), sh`cat /proc/meminfo`),
  read(sections) {
    const of = Object.fromEntries(
      sections.lines('meminfo').map((line) => {
        const [key = '', value = '0'] = line.split(':');
        return [key, Number.parseInt(value, 10)];
      }),
    );
    const mb = (key: string): number => megabytes(of[key] ?? 0);
    const nocache = megabytes((of['MemFree'] ?? 0) + (of['Cached'] ?? 0) + (of['Buffers'] ?? 0));
    return {
      memtotal_mb: mb('MemTotal'),
      memfree_mb: mb('MemFree'),
      swaptotal_mb: mb('SwapTotal'),
      swapfree_mb: mb('SwapFree'),
      memory_mb: {
        real: { total: mb('MemTotal'), used: mb('MemTotal') - mb('MemFree'), free: mb('MemFree') },
        nocache: { free: nocache, used: mb('MemTotal') - nocache },
        swap: {
          total: mb('SwapTotal'),
          free: mb('SwapFree'),
          used: mb('SwapTotal') - mb('SwapFree'),
          cached: mb('SwapCached'),
        },
      },
    };
  },
};

const mounts: FactGroup = {
  name: 'mounts',
  family: 'hardware',
  aliases: [],
  script: ({ timeout }) =>
    lines(
      section('mountinfo'),
      sh`cat /proc/self/mountinfo`,
      section('statfs'),
      sh`limit=; command -v timeout >/dev/null 2>&1 && limit="timeout ${timeout}"
awk '{for (i = 7; i <= NF; i++) if ($i == "-") {if ($(i + 2) ~ /^\// || $(i + 2) ~ /:\//) print $5}}' /proc/self/mountinfo | while read -r mount; do
  path=$(printf '%b' "$mount"); printf '%s %s\n' "$($limit stat -f -c '%s %S %b %f %a %c %d' "$path" 2>/dev/null)" "$mount"
done`,
      section('uuids'),
      sh`for link in /dev/disk/by-uuid/*; do [ -L "$link" ] && echo "$(readlink -f "$link") $(basename "$link")"; done`,
    ),
  read: readMounts,
};

/** /proc/self/mountinfo writes blanks as \\040. */
function plainPath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function readMounts(sections: Sections): JsonObject {
  const sizes = new Map<string, number[]>();
  for (const line of sections.lines('statfs')) {
    const fields = line.trim().split(' ');
    if (fields.length === 8) sizes.set(fields[7]!, fields.slice(0, 7).map(Number));
  }
  const uuids = new Map(sections.lines('uuids').map((line) => line.split(' ') as [string, string]));
  // Of what is mounted over one another only the uppermost can be seen.
  const found = new Map<string, Json>();
  for (const line of sections.lines('mountinfo')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', mount = '', options = ''] = before.split(' ');
    const [fstype = '', device = '', superOptions = ''] = after.split(' ');
    if (!(device.startsWith('/') || device.includes(':/')) || fstype === 'none') continue;
    const [blockSize = 0, fragment = 0, total = 0, , available = 0, files = 0, freeFiles = 0] = sizes.get(mount) ?? [];
    const merged = [...new Set([...options.split(','), ...superOptions.split(',')])].filter(
      (option) => option !== '' && !(options.startsWith('ro') && option === 'rw'),
    );
    const size = sizes.has(mount)
      ? {
          size_total: fragment * total,
          size_available: fragment * available,
          block_size: fragment || blockSize,
          block_total: total,
          block_available: available,
          block_used: total - available,
          inode_total: files,
          inode_available: freeFiles,
          inode_used: files - freeFiles,
        }
      : {};
    found.set(mount, {
      mount: plainPath(mount),
      device: plainPath(device),
      fstype,
      options: [...merged, ...(root === '/' ? [] : ['bind'])].join(','),
      dump: 0,
      passno: 0,
      uuid: uuids.get(device) ?? 'N/A',
      ...size,
    });
  }
  return { mounts: [...found.values()] };
}

const devices: FactGroup = {
  name: 'devices',
  family: 'hardware',
  aliases: ['device_links'],
  script: () =>
    lines(
      section('blocks'),
      sh`get() { value=; [ -r "$1" ] && read -r value < "$1"; printf '%s\035' "$value"; }
for block in /sys/block/*; do [ -e "$block" ] || continue
  printf '%s\035%s\035' "$block" "$(readlink "$block")"
  for item in size removable queue/rotational queue/hw_sector_size queue/discard_granularity queue/scheduler device/vendor device/model device/sas_address device/sas_device_handle; do get "$block/$item"; done
  for holder in "$block"/holders/*; do [ -e "$holder" ] && printf '%s ' "$holder"; done; echo
  for part in "$block"/*/partition; do [ -e "$part" ] || continue; folder=$(dirname "$part"); printf 'part\035%s\035' "$folder"; get "$folder/size"; get "$folder/start"; echo; done
done`,
      section('links'),
      sh`for kind in id uuid label; do for link in /dev/disk/by-$kind/*; do [ -L "$link" ] && echo "$kind $(basename "$(readlink "$link")") $(basename "$link")"; done; done`,
    ),
  read: readDevices,
};

function readDevices(sections: Sections): JsonObject {
  const links: Record<string, Record<string, string[]>> = { ids: {}, uuids: {}, labels: {}, masters: {} };
  for (const line of sections.lines('links')) {
    const [kind, device = '', name = ''] = line.split(' ');
    const table = links[`${kind}s`]!;
    table[device] = [...(table[device] ?? []), name];
  }
  const linksOf = (device: string): JsonObject => ({
    ids: links['ids']![device] ?? [],
    uuids: links['uuids']![device] ?? [],
    labels: links['labels']![device] ?? [],
    masters: links['masters']![device] ?? [],
  });
  const found: Record<string, Record<string, Json>> = {};
  let last: Record<string, Json> | undefined;
  for (const line of sections.lines('blocks')) {
    const fields = line.split('\x1d');
    if (fields[0] === 'part') {
      const name = fields[1]!.split('/').at(-1)!;
      const sectors = Number(fields[2] || 0);
      (last!['partitions'] as Record<string, Json>)[name] = {
        sectors,
        sectorsize: last!['sectorsize'] ?? '512',
        size: humanSize(sectors * 512),
        start: fields[3] ?? '0',
        uuid: links['uuids']![name]?.[0] ?? null,
        links: linksOf(name),
        holders: [],
      };
      continue;
    }
    const [
      path = '',
      link = '',
      size = '0',
      removable,
      rotational,
      sector,
      discard,
      scheduler = '',
      vendor,
      model,
      sas,
      handle,
      holders = '',
    ] = fields;
    const name = path.split('/').at(-1)!;
    const sectors = Number(size || 0);
    last = {
      virtual: /virtual|virtio/.test(link) ? 1 : 0,
      links: linksOf(name),
      vendor: vendor?.trim() || null,
      model: model?.trim() || null,
      sas_address: sas || null,
      sas_device_handle: handle || null,
      removable: removable || '0',
      support_discard: discard || '0',
      partitions: {},
      rotational: rotational || '0',
      scheduler_mode: /\[(.*?)\]/.exec(scheduler)?.[1] ?? scheduler,
      sectors,
      sectorsize: sector || '512',
      size: humanSize(sectors * 512),
      host: '',
      holders: holders
        .trim()
        .split(' ')
        .filter((one) => one !== '')
        .map((one) => one.split('/').at(-1)!),
    };
    found[name] = last;
  }
  return { devices: found, device_links: links };
}

// Files of /sys/class/dmi/id by the fact's name.
const DMI: Readonly<Record<string, string>> = {
  bios_date: 'bios_date',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  form_factor: 'chassis_type',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  system_vendor: 'sys_vendor',
};
const FORMS = [
  ...['Unknown', 'Other', 'Unknown', 'Desktop', 'Low Profile Desktop', 'Pizza Box', 'Mini Tower', 'Tower', 'Portable'],
  ...['Laptop', 'Notebook', 'Hand Held', 'Docking Station', 'All In One', 'Sub Notebook', 'Space-saving', 'Lunch Box'],
  ...['Main Server Chassis', 'Expansion Chassis', 'Sub Chassis', 'Bus Expansion Chassis', 'Peripheral Chassis'],
  ...['RAID Chassis', 'Rack Mount Chassis', 'Sealed-case PC', 'Multi-system', 'CompactPCI', 'AdvancedTCA', 'Blade'],
  ...['Blade Enclosure', 'Tablet', 'Convertible', 'Detachable', 'IoT Gateway', 'Embedded PC', 'Mini PC', 'Stick PC'],
];

const dmi: FactGroup = {
  name: 'dmi',
  family: 'hardware',
  aliases: Object.keys(DMI),
  script: () =>
    lines(
      section('dmi'),
      sh`for file in ${[...Object.values(DMI)]}; do value=; [ -r "/sys/class/dmi/id/$file" ] && read -r value < "/sys/class/dmi/id/$file"; echo "$file=$value"; done`,
    ),
  read(sections) {
    const told = new Map(
      sections
        .lines('dmi')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()] as const),
    );
    return Object.fromEntries(
      Object.entries(DMI).map(([fact, file]) => {
        const value = told.get(file) || 'NA';
        return [
          fact,
          fact === 'form_factor' && value !== 'NA' ? (FORMS[Number(value)] ?? `unknown (${value})`) : value,
        ];
      }),
    );
  },
};

const uptime: FactGroup = {
  name: 'uptime_seconds',
  family: 'hardware',
  aliases: ['uptime'],
  script: () => lines(section('uptime'), sh`cat /proc/uptime`),
  read: (sections) => ({ uptime_seconds: Math.floor(Number(sections.word('uptime').split(' ')[0] ?? 0)) }),
};

const lvm: FactGroup = {
  name: 'lvm',
  family: 'hardware',
  aliases: [],
  script: () =>
    lines(
      section('lvm'),
      sh`if [ "$(id -u)" = 0 ] && command -v vgs >/dev/null 2>&1; then echo there
vgs --noheadings --nosuffix --units g --separator , 2>/dev/null | sed 's/^ */vg,/'
lvs --noheadings --nosuffix --units g --separator , 2>/dev/null | sed 's/^ */lv,/'
pvs --noheadings --nosuffix --units g --separator , 2>/dev/null | sed 's/^ */pv,/'; fi`,
    ),
  read(sections) {
    const told = sections.lines('lvm');
    if (told.length === 0) return { lvm: 'N/A' };
    const vgs: Record<string, Json> = {};
    const lvs: Record<string, Json> = {};
    const pvs: Record<string, Json> = {};
    for (const line of told.slice(1)) {
      const [kind, name = '', ...rest] = line.split(',');
      if (kind === 'vg')
        vgs[name] = { size_g: rest[4] ?? '', free_g: rest[5] ?? '', num_lvs: rest[1] ?? '', num_pvs: rest[0] ?? '' };
      if (kind === 'lv') lvs[name] = { size_g: rest[2] ?? '', vg: rest[0] ?? '' };
      if (kind === 'pv') pvs[name] = { size_g: rest[3] ?? '', free_g: rest[4] ?? '', vg: rest[0] ?? '' };
    }
    return { lvm: { vgs, lvs, pvs } };
  },
};

export const HARDWARE: readonly FactGroup[] = [processor, memory, mounts, devices, dmi, uptime, lvm];
