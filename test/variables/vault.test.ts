// Vaults made by ansible-vault of ansible-core 2.19, opened by the secrets that fit.

import { describe, expect, it } from 'vitest';
import { PlaybookError } from '../../engine/model/errors.ts';
import { encryptVault } from '../../engine/template/python/vaultcipher.ts';
import { Vault } from '../../engine/variables/vault.ts';

const HERE = { file: 'vars.yml', line: 3, column: 7 };
/** `plain secret`, label `two`, password `otherpw`. */
const RECORDED = `$ANSIBLE_VAULT;1.2;AES256;two
61643865393462366366656265653065363438373963316262363839383265633934303035386235
6133376539326230613436616332373336303863363338380a313361363165376337633231626537
35343132343439306665313635373238643136653966363232386636383335323133303661346334
3264303933333230630a396366383466383638383933626564613562356261346130366139636134
3866
`;

const two = { id: 'two', password: 'otherpw' };
const one = { id: 'default', password: 'secretpw' };

describe('Vault', () => {
  it.each([
    ['its own secret', [two]],
    ['whichever fits, under any label', [one, { id: 'x', password: 'otherpw' }]],
    ['its own before the others', [{ id: 'x', password: 'wrong' }, two]],
  ])('is opened by %s', (_name, secrets) => {
    expect(new Vault(secrets).text(RECORDED, HERE)).toBe('plain secret');
  });

  it.each([
    ['without secrets', [], false, RECORDED, 'Attempting to decrypt but no vault secrets found.'],
    [
      'with the wrong one',
      [one],
      false,
      RECORDED,
      'Decryption failed (no vault secrets were found that could decrypt).',
    ],
    [
      'with another label where labels must fit',
      [{ ...two, id: 'x' }],
      true,
      RECORDED,
      'Decryption failed (no vault secrets were found that could decrypt).',
    ],
    ['that is none', [one], false, 'bad', 'input is not vault encrypted data'],
    ['of an unknown version', [one], false, '$ANSIBLE_VAULT;9.9;AES256\n00', 'input is not vault encrypted data'],
    [
      'that is damaged',
      [two],
      false,
      RECORDED.replace('3866', '3867'),
      'Decryption failed (no vault secrets were found that could decrypt).',
    ],
  ])('is refused %s, with its place', (_name, secrets, match, text, message) => {
    let thrown: unknown;
    try {
      new Vault(secrets, match).text(text, HERE);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(PlaybookError);
    expect(thrown).toMatchObject({ message, position: HERE });
  });

  it('opens files of any bytes, and leaves others alone', () => {
    const vault = new Vault([one]);
    const plain = new Uint8Array([0, 255, 10]);
    expect(vault.opened(plain, 'f')).toBe(plain);
    const vaulted = new TextEncoder().encode(encryptVault('text', 'secretpw'));
    expect(new TextDecoder().decode(vault.opened(vaulted, 'f'))).toBe('text');
  });
});
