// apt: packages of Debian and its kin. What apt-get would do is asked of apt-get itself (-s), so that a dry run knows every
// package that would come or go, and what the packages bring.

import { defineModule } from '../engine/module/contract.ts';
import { aptSchema } from './shared/apt/schema.ts';
import { askApt, planApt } from './shared/apt/work.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Installs, upgrades and removes packages with apt.',
    notes: [
      'A dry run simulates with the lists that the task itself would have: where update_cache would refresh lists that are missing or lack a name, they are fetched into a private folder.',
      'force_apt_get and auto_install_module_deps have nothing left to decide: apt-get is always used, and no Python library is needed.',
    ],
    examples: `
- name: A web server
  apt:
    name: nginx
    update_cache: true
    cache_valid_time: 3600
- name: Certain versions
  apt:
    name:
      - curl=7.*
      - jq>=1.6
- name: Gone with its settings
  apt:
    name: telnetd
    state: absent
    purge: true
- name: Everything up to date
  apt:
    upgrade: dist
`,
    returns: {
      cache_updated: 'Were the package lists refreshed?',
      cache_update_time: 'When they were last refreshed (seconds since the epoch).',
      stdout: 'What apt-get printed.',
      stderr: 'What it printed as errors.',
    },
  },
  schema: aptSchema,
  rules: { mutuallyExclusive: [['deb', 'name', 'upgrade']] },
  inspect: (args) => askApt(args),
  plan: (args, seen) => planApt(args, seen),
});
