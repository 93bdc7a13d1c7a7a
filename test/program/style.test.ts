import { describe, expect, it } from 'vitest';
import { callingOf } from '../../engine/program/style.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('callingOf', () => {
  it.each([
    ['JSON by its own word', '#!/bin/sh\n# WANT_JSON\n', { style: 'json', interpreter: ['/bin/sh'] }],
    ['words', '#!/usr/bin/env ruby\nputs 1\n', { style: 'words', interpreter: ['/usr/bin/env', 'ruby'] }],
    [
      'arguments in its text',
      '#!/usr/bin/perl -w\n<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>',
      { style: 'inlined', interpreter: ['/usr/bin/perl', '-w'] },
    ],
    ['no interpreter', 'WANT_JSON', { style: 'json', interpreter: undefined }],
    [
      'the Python library',
      '#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n',
      { style: 'python' },
    ],
    [
      'the Python library of a collection',
      '#!/usr/bin/python\nfrom ansible_collections.a.b.plugins.module_utils.c import d\n',
      { style: 'python' },
    ],
    [
      'Python that only mentions it',
      '#!/usr/bin/python\n# WANT_JSON, not from ansible.module_utils\n',
      { style: 'json' },
    ],
    ['PowerShell', '#!powershell\n#Requires -Module Ansible.ModuleUtils.Legacy\n', { style: 'powershell' }],
    ['a program that rehearses', '#!/bin/sh\n# WANT_JSON _ansible_check_mode\n', { style: 'json', rehearses: true }],
  ])('%s', (_name, text, calling) => {
    expect(callingOf(bytes(text))).toMatchObject({ rehearses: false, binary: false, ...calling });
  });

  it('takes what holds a zero byte for a binary program', () => {
    expect(callingOf(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).toEqual({
      style: 'json',
      interpreter: undefined,
      binary: true,
      rehearses: false,
    });
  });
});
