// Ansible's vault format, version 1.1 and 1.2: AES-256 in counter mode under keys derived from a password. The filters
// `vault` and `unvault` bring their own secret; files are the business of whoever keeps the secrets.

import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const HEADER = '$ANSIBLE_VAULT';
const ITERATIONS = 10_000;
const LINE = 80;
const BLOCK = 16;

interface Keys {
  readonly cipher: Buffer;
  readonly mac: Buffer;
  readonly counter: Buffer;
}

function derive(password: string, salt: Buffer): Keys {
  const bytes = pbkdf2Sync(password, salt, ITERATIONS, 80, 'sha256');
  return { cipher: bytes.subarray(0, 32), mac: bytes.subarray(32, 64), counter: bytes.subarray(64, 80) };
}

/** True for text that starts as a vault does. */
export function isVault(text: string): boolean {
  return text.startsWith(`${HEADER};`);
}

/** Encrypts text. The salt is random unless given; `label` is the vault id of the header. */
export function encryptVault(text: string, password: string, salt?: string, label?: string): string {
  const saltBytes = salt === undefined ? randomBytes(32) : Buffer.from(salt, 'utf8');
  const keys = derive(password, saltBytes);
  const plain = Buffer.from(text, 'utf8');
  const fill = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const secret = Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(fill, fill)])), cipher.final()]);
  const mac = createHmac('sha256', keys.mac).update(secret).digest('hex');
  const body = Buffer.from([saltBytes.toString('hex'), mac, secret.toString('hex')].join('\n')).toString('hex');
  const header = label === undefined ? `${HEADER};1.1;AES256` : `${HEADER};1.2;AES256;${label}`;
  return [header, ...(body.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []), ''].join('\n');
}

/** Decrypts a vault; undefined when the password is not its own or the text is damaged. */
export function decryptVault(vault: string, password: string): Uint8Array | undefined {
  const [, ...lines] = vault.trim().split('\n');
  const parts = Buffer.from(lines.map((line) => line.trim()).join(''), 'hex')
    .toString('latin1')
    .split('\n');
  const [salt, mac, secret] = parts.map((part) => Buffer.from(part, 'hex'));
  if (salt === undefined || mac === undefined || secret === undefined) return undefined;
  const keys = derive(password, salt);
  const expected = createHmac('sha256', keys.mac).update(secret).digest();
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const plain = Buffer.concat([decipher.update(secret), decipher.final()]);
  return plain.subarray(0, plain.length - (plain[plain.length - 1] ?? 0));
}
