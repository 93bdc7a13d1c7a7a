// Names of filters, tests and lookups as they may be written: with or without Ansible's own collection.

/** `ansible.builtin.upper` is `upper`; names of other collections stay whole. */
export function shortName(name: string): string {
  if (!name.startsWith('ansible.')) return name;
  return name.replace(/^ansible\.(?:builtin|legacy)\./, '');
}
