// Facts from recorded files of several systems, and the choice of subsets.

import { describe, expect, it } from 'vitest';
import { readDistribution } from '../../../modules/shared/facts/distribution.ts';
import { chosenGroups } from '../../../modules/shared/facts/gather.ts';
import { readProcessors } from '../../../modules/shared/facts/hardware.ts';
import { readAddresses } from '../../../modules/shared/facts/network.ts';
import { judge, type Wishes } from '../../../modules/shared/hardware/rules.ts';
import { readSections } from '../../../modules/shared/sections.ts';
import { sections } from './answers.ts';

describe('distribution', () => {
  it.each([
    [
      'Debian',
      { 'os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm', debian_version: '12.5' },
      ['12.5', '12', 'bookworm', 'Debian'],
    ],
    [
      'Ubuntu',
      {
        'os-release': 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy',
        debian_version: 'bookworm/sid',
      },
      ['22.04', '22', 'jammy', 'Debian'],
    ],
    [
      'Rocky',
      { 'os-release': 'ID="rocky"\nVERSION_ID="9.4"', 'redhat-release': 'Rocky Linux release 9.4 (Blue Onyx)' },
      ['9.4', '9', 'Blue Onyx', 'RedHat'],
    ],
    [
      'CentOS',
      { 'os-release': 'ID="centos"\nVERSION_ID="7"', 'redhat-release': 'CentOS Linux release 7.9.2009 (Core)' },
      ['7.9', '7', 'Core', 'RedHat'],
    ],
    [
      'Alpine',
      { 'os-release': 'ID=alpine\nVERSION_ID=3.18.4', 'alpine-release': '3.18.4' },
      ['3.18.4', '3', 'NA', 'Alpine'],
    ],
    ['openSUSE Leap', { 'os-release': 'ID="opensuse-leap"\nVERSION_ID="15.5"' }, ['15.5', '15', '5', 'Suse']],
  ])('%s', (name, files, [version, major, release, family]) => {
    expect(readDistribution(readSections(sections(files)))).toMatchObject({
      distribution: name,
      distribution_version: version,
      distribution_major_version: major,
      distribution_release: release,
      os_family: family,
    });
  });
});

it('counts sockets, cores and threads', () => {
  const cpu = (id: number, socket: number): string =>
    `processor\t: ${id}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: ${socket}\nsiblings\t: 4\ncpu cores\t: 2\nflags\t\t: fpu vmx\n`;
  const text = [0, 1, 2, 3].map((id) => cpu(id, 0)).join('\n') + [4, 5, 6, 7].map((id) => cpu(id, 1)).join('\n');
  expect(readProcessors(text, 8)).toMatchObject({
    processor_count: 2,
    processor_cores: 2,
    processor_threads_per_core: 2,
    processor_vcpus: 8,
    processor_nproc: 8,
    flags: ['fpu', 'vmx'],
  });
});

it('reads addresses of ip and of ifconfig', () => {
  const ip =
    '2: eth0@if3    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever\n2: eth0    inet6 fe80::1/64 scope link \\  valid_lft forever';
  expect(readAddresses(ip)).toMatchObject([
    { device: 'eth0', label: 'eth0', address: '10.0.0.5', prefix: 24, broadcast: '10.0.0.255' },
    { device: 'eth0', family: 6, address: 'fe80::1', prefix: 64, scope: 'link' },
  ]);
  const ifconfig =
    'ifconfig\neth0      Link encap:Ethernet\n          inet addr:10.0.0.5  Bcast:10.0.0.255  Mask:255.255.255.0\n';
  expect(readAddresses(ifconfig)).toMatchObject([{ device: 'eth0', address: '10.0.0.5', prefix: 24 }]);
});

describe('gather_subset', () => {
  const names = (...subset: string[]): string[] => chosenGroups(subset).map((group) => group.name);
  it('all is all, and what is left out is left out', () => {
    expect(names('all')).toContain('devices');
    expect(names('!hardware')).not.toContain('devices');
    expect(names('all', '!network')).not.toContain('network');
    expect(names('!all')).toContain('platform');
    expect(names('!all')).not.toContain('network');
  });
  it('min goes along unless refused', () => {
    expect(names('network')).toEqual(expect.arrayContaining(['network', 'platform']));
    expect(names('network')).not.toContain('memory');
    expect(names('!all', '!min', 'network')).toEqual(['network']);
    expect(names('default_ipv4', '!min')).toEqual(['network']);
  });
  it('names a bad one', () => expect(() => names('nosuch')).toThrow("Bad subset 'nosuch' given to Ansible"));
});

describe('hw_check', () => {
  const host = {
    uid: 0,
    cpus: 4,
    virt: 'vmx',
    memoryMb: 8000,
    diskGb: 100.5,
    os: 'CentOS',
    version: '7.9',
    hostname: 'node1',
    resolved: ['10.0.0.11'],
    own: ['127.0.0.1', '10.0.0.11'],
    listeners: [{ port: 3306, owner: 'mysqld' }],
  };
  const none: Wishes = { require_root: false, require_virt: false, disk_path: '/', check_hostname: false, ports: [] };
  const verdicts = (wishes: Partial<Wishes>, change: object = {}): [string, boolean][] =>
    judge({ ...none, ...wishes }, { ...host, ...change }).map((one) => [one.requirement, one.met]);

  it.each([
    [{ require_root: true }, {}, [['root', true]]],
    [{ require_root: true }, { uid: 1000 }, [['root', false]]],
    [{ ports: [{ port: 3306, owners: ['mariadbd', 'mysqld'] }] }, {}, [['ports', true]]],
    [{ ports: [{ port: 3306, owners: ['java'] }] }, {}, [['ports', false]]],
    [{ min_cpus: 4 }, {}, [['cpus', true]]],
    [
      { min_cpus: 5, min_memory_mb: 8000 },
      {},
      [
        ['cpus', false],
        ['memory', true],
      ],
    ],
    [{ require_virt: true }, { virt: '' }, [['virt', false]]],
    [{ min_disk_gb: 100 }, { diskGb: undefined }, [['disk', false]]],
    [{ supported_os: ['CentOS 7'] }, {}, [['os', true]]],
    [{ supported_os: ['CentOS 7'] }, { version: '70.1' }, [['os', false]]],
    [{ check_hostname: true }, {}, [['hostname', true]]],
    [{ check_hostname: true }, { resolved: ['10.0.0.1'] }, [['hostname', false]]],
    [{ check_hostname: true }, { resolved: ['127.0.1.1', '::1'] }, [['hostname', true]]],
    [{ check_hostname: true }, { resolved: [] }, [['hostname', true]]],
    [{ check_hostname: true }, { hostname: 'localhost' }, [['hostname', false]]],
    [{ check_hostname: true }, { hostname: '10.0.0.11' }, [['hostname', false]]],
    [
      { ports: [3306, 5672].map((port) => ({ port, owners: [] })) },
      {},
      [
        ['ports', false],
        ['ports', true],
      ],
    ],
  ])('%o on a host with %o', (wishes, change, wanted) => expect(verdicts(wishes, change)).toEqual(wanted));

  it('names the owner of a port', () => {
    expect(judge({ ...none, ports: [{ port: 3306, owners: [] }] }, host)[0]!.message).toBe(
      'port 3306 is taken by mysqld',
    );
  });
});
