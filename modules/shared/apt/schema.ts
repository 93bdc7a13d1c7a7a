// The arguments of apt.

import type { Schema } from '../../../engine/module/schema.ts';

export const aptSchema = {
  name: {
    type: 'list',
    elements: 'str',
    aliases: ['package', 'pkg'],
    doc: 'Packages: `name`, `name=version`, `name>=version`; `*` and `?` match in names and versions.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'build-dep', 'latest', 'present', 'fixed'],
    doc: 'Installed, newest, gone; build-dep installs what building needs, fixed repairs broken dependencies too.',
  },
  update_cache: { type: 'bool', aliases: ['update-cache'], doc: 'Refreshes the package lists first.' },
  cache_valid_time: {
    type: 'int',
    default: 0,
    doc: 'Seconds for which lists are fresh enough; more than 0 implies update_cache.',
  },
  update_cache_retries: { type: 'int', default: 5, doc: 'Tries at refreshing.' },
  update_cache_retry_max_delay: { type: 'int', default: 12, doc: 'Longest wait between two tries, in seconds.' },
  default_release: { type: 'str', aliases: ['default-release'], doc: 'Release to prefer (apt-get -t).' },
  install_recommends: {
    type: 'bool',
    aliases: ['install-recommends'],
    doc: "Installs what is recommended, or does not; the host's setting when not given.",
  },
  force: { type: 'bool', default: false, doc: 'apt-get --force-yes: neither signatures nor downgrades stop it.' },
  allow_unauthenticated: {
    type: 'bool',
    default: false,
    aliases: ['allow-unauthenticated'],
    doc: 'Takes unsigned packages.',
  },
  allow_downgrade: {
    type: 'bool',
    default: false,
    aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
    doc: 'May replace a version by an older one.',
  },
  allow_change_held_packages: { type: 'bool', default: false, doc: 'May change packages that are on hold.' },
  upgrade: {
    type: 'str',
    default: 'no',
    choices: ['dist', 'full', 'no', 'safe', 'yes'],
    doc: 'Upgrades all packages; dist and full may remove some.',
  },
  purge: { type: 'bool', default: false, doc: 'Removes settings as well.' },
  autoremove: { type: 'bool', default: false, doc: 'Removes packages that nothing needs any more.' },
  autoclean: { type: 'bool', default: false, doc: 'Deletes archives that can no longer be downloaded.' },
  clean: { type: 'bool', default: false, doc: 'Deletes all downloaded archives.' },
  deb: { type: 'path', doc: 'A .deb on the host, or a URL that the host fetches.' },
  dpkg_options: {
    type: 'str',
    default: 'force-confdef,force-confold',
    doc: 'Options for dpkg, with commas, without leading dashes.',
  },
  only_upgrade: { type: 'bool', default: false, doc: 'Upgrades what is there, installs nothing new.' },
  fail_on_autoremove: { type: 'bool', default: false, doc: 'Fails when something would be removed.' },
  policy_rc_d: {
    type: 'int',
    doc: 'Exit code of policy-rc.d while installing; 101 keeps services from being started.',
  },
  lock_timeout: { type: 'int', default: 60, doc: "Seconds to wait for apt's lock." },
  force_apt_get: { type: 'bool', default: false, doc: 'apt-get is always used.' },
  auto_install_module_deps: { type: 'bool', default: true, doc: 'Nothing needs to be installed for this module.' },
} as const satisfies Schema;
