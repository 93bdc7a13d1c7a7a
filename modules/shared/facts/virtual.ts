// Whether the host is a guest, of what, or a host of guests.

import type { JsonObject } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import type { FactGroup } from './group.ts';

export const virtual: FactGroup = {
  name: 'virtual',
  family: 'virtual',
  aliases: ['virtualization_type', 'virtualization_role', 'virtualization_tech_guest', 'virtualization_tech_host'],
  script: () =>
    lines(
      section('container'),
      sh`tr '\0' '\n' < /proc/1/environ 2>/dev/null | sed -n 's/^container=//p'; [ -e /.dockerenv ] && echo docker; [ -e /.dockerinit ] && echo docker; [ -e /run/.containerenv ] && echo podman; [ -f /run/systemd/container ] && cat /run/systemd/container`,
      section('cgroup'),
      sh`cat /proc/1/cgroup 2>/dev/null`,
      section('virt-signs'),
      sh`for sign in /proc/xen /proc/vz /proc/bc /proc/lve /dev/kvm /proc/sysinfo /usr/bin/podman /usr/bin/docker; do [ -e "$sign" ] && echo "$sign"; done; cat /proc/xen/capabilities 2>/dev/null`,
      section('virt-modules'),
      sh`cut -d ' ' -f 1 /proc/modules 2>/dev/null | grep -E '^(kvm|kvm_intel|kvm_amd|vboxdrv|virtio)$'`,
      section('virt-dmi'),
      sh`for file in product_name bios_vendor sys_vendor product_family; do value=; [ -r "/sys/class/dmi/id/$file" ] && read -r value < "/sys/class/dmi/id/$file"; echo "$file=$value"; done`,
      section('virt-cpu'),
      sh`grep -m 1 -o -E 'QEMU|User Mode Linux|PowerVM|VMware' /proc/cpuinfo`,
    ),
  read: readVirtual,
};

function readVirtual(sections: Sections): JsonObject {
  const guests: string[] = [];
  const hosts: string[] = [];
  const is = (technology: string, ...further: string[]): void => void guests.push(technology, ...further);
  for (const container of sections.lines('container')) {
    if (container === 'lxc' || container === 'lxc-libvirt') is('lxc', 'container');
    else if (container === 'podman' || container === 'docker') is(container, 'container');
    else is(container, 'container');
  }
  const cgroup = sections.text('cgroup');
  if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(cgroup)) is('docker', 'container');
  if (/\/(lxc\/|machine\.slice\/machine-lxc)/.test(cgroup)) is('lxc', 'container');
  const signs = sections.lines('virt-signs');
  if (signs.includes('/proc/xen')) (signs.includes('control_d') ? hosts : guests).push('xen');
  if (signs.includes('/proc/vz') && !signs.includes('/proc/lve'))
    (signs.includes('/proc/bc') ? hosts : guests).push('openvz');
  const dmi = new Map(
    sections.lines('virt-dmi').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const machine = machineOf((key) => dmi.get(key) ?? '');
  if (machine !== undefined) guests.push(machine);
  const cpu = sections.word('virt-cpu');
  if (cpu === 'QEMU') guests.push('kvm');
  if (cpu === 'User Mode Linux') guests.push('uml');
  if (cpu === 'PowerVM') guests.push('powervm_lx86');
  const modules = sections.lines('virt-modules');
  if (modules.includes('kvm')) hosts.push('kvm');
  if (modules.includes('vboxdrv')) hosts.push('virtualbox');
  if (modules.includes('virtio') && guests.length === 0) guests.push('kvm');
  const uniqueGuests = [...new Set(guests)];
  const uniqueHosts = [...new Set(hosts)];
  const first = uniqueGuests[0];
  const type = first === undefined ? (uniqueHosts[0] ?? 'NA') : first === 'systemd-nspawn' ? 'container' : first;
  return {
    virtualization_type: type,
    virtualization_role: first !== undefined ? 'guest' : uniqueHosts.length > 0 ? 'host' : 'NA',
    virtualization_tech_guest: uniqueGuests,
    virtualization_tech_host: uniqueHosts,
  };
}

function machineOf(dmi: (key: string) => string): string | undefined {
  const product = dmi('product_name');
  const vendor = dmi('sys_vendor');
  const bios = dmi('bios_vendor');
  const family = dmi('product_family');
  if (
    /^(KVM|KVM Server|Bochs|AHV|OpenStack (Nova|Compute)|CloudStack KVM Hypervisor|Google Compute Engine|c3\.metal)$/.test(
      product,
    )
  )
    return 'kvm';
  if (
    /^(Standard PC|.*QEMU)/.test(product) ||
    vendor === 'QEMU' ||
    vendor === 'Amazon EC2' ||
    vendor === 'DigitalOcean'
  )
    return 'kvm';
  if (/VMware/.test(product)) return 'VMware';
  if (product === 'VirtualBox' || bios === 'innotek GmbH') return 'virtualbox';
  if (product === 'HVM domU' || bios === 'Xen') return 'xen';
  if (/^(Virtual Machine)$/.test(product) && vendor === 'Microsoft Corporation') return 'VirtualPC';
  if (/^Parallels/.test(product)) return 'parallels';
  if (/^RHEV/.test(product) || family === 'RHV' || product === 'oVirt Node')
    return product === 'oVirt Node' ? 'oVirt' : 'RHEV';
  return undefined;
}
