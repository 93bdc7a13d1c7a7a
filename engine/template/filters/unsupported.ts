// Filters of collections that there are and that cannot be had here: they are refused by name when they are called.

import type { Filter } from '../library.ts';
import { type FilterTable, rawFilter, refuse } from './define.ts';

const REASONS: Readonly<Record<string, string>> = {
  'ansible.netcommon.comp_type5': 'it needs the password formats of network devices',
  'ansible.netcommon.hash_salt': 'it needs the password formats of network devices',
  'ansible.netcommon.parse_cli': 'it needs parsers in Python',
  'ansible.netcommon.parse_cli_textfsm': 'it needs the TextFSM library',
  'ansible.netcommon.parse_xml': 'it needs parsers in Python',
  'ansible.netcommon.pop_ace': 'it knows network devices only',
  'ansible.netcommon.type5_pw': 'it needs the password formats of network devices',
  'ansible.netcommon.vlan_parser': 'it knows network devices only',
  'community.general.jc': 'it needs the jc library',
};

/** By their full names. */
export const unsupported: readonly (readonly [string, Filter])[] = Object.entries(REASONS).flatMap(
  ([name, reason]): FilterTable => [rawFilter(name, () => refuse(`this filter is not supported: ${reason}`))],
);
