import { describe, expect, it } from 'vitest';
import { digestIn, wantedChecksum } from '../../../modules/shared/download/checksum.ts';

describe('wantedChecksum', () => {
  it.each([
    ['', undefined],
    ['sha256:ABCD ', { algorithm: 'sha256', digest: 'abcd', url: undefined }],
    ['SHA1:ab-cd', { algorithm: 'sha1', digest: 'abcd', url: undefined }],
    ['md5:https://h/sums', { algorithm: 'md5', digest: undefined, url: 'https://h/sums' }],
  ])('%j', (argument, wanted) => {
    expect(wantedChecksum(argument)).toEqual(wanted);
  });

  it.each([
    ['abcd', 'The checksum parameter has to be in format <algorithm>:<checksum>'],
    ['crc:abcd', "Could not hash file with algorithm 'crc'"],
    ['md5:xyz', 'The checksum format is invalid'],
  ])('refuses %j', (argument, message) => {
    expect(() => wantedChecksum(argument)).toThrow(message);
  });
});

describe('digestIn', () => {
  it.each([
    ['00  a\n01  b\n', '01'],
    ['01 *b', '01'],
    ['01  ./b\r\n', '01'],
    ['  01AB \n', '01ab'],
  ])('finds b in %j', (list, digest) => {
    expect(digestIn(list, 'b', 'http://h/sums')).toBe(digest);
  });

  it('names what is missing', () => {
    expect(() => digestIn('00  a\n', 'b', 'http://h/sums')).toThrow(
      "Unable to find a checksum for file 'b' in 'http://h/sums'",
    );
  });
});
