// Version comparison in the four ways of the `version` test: loose and strict (distutils), semver and PEP 440.

import { Fault } from '../fault.ts';

/** Orders two versions: negative, 0 or positive. Throws a Fault for a version that the scheme does not know. */
export type Order = (a: string, b: string) => number;

type Part = number | string;

/** distutils' LooseVersion: numbers and words, compared part by part; a number and a word cannot be compared. */
export function compareLoose(a: string, b: string): number {
  const [left, right] = [looseParts(a), looseParts(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    if (typeof x !== typeof y)
      throw new Fault(
        'TypeError',
        `'<' not supported between instances of '${typeof x === 'number' ? 'int' : 'str'}' and '${typeof y === 'number' ? 'int' : 'str'}'`,
      );
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function looseParts(version: string): Part[] {
  return version
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** distutils' StrictVersion: `1.2`, `1.2.3`, with `a1` or `b2` behind. */
export function compareStrict(a: string, b: string): number {
  return compareParts(strictParts(a), strictParts(b));
}

function strictParts(version: string): Part[] {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (match === null) throw new Fault('ValueError', `invalid version number '${version}'`);
  const [, major, minor, patch, tag, number] = match;
  return [Number(major), Number(minor), Number(patch ?? 0), tag === undefined ? 'z' : tag, Number(number ?? 0)];
}

/** Semantic versions (semver.org), build metadata ignored. */
export function compareSemver(a: string, b: string): number {
  const [left, right] = [semverOf(a), semverOf(b)];
  const order = compareParts(left.core, right.core);
  if (order !== 0) return order;
  if (left.pre.length === 0 || right.pre.length === 0) return Math.sign(right.pre.length) - Math.sign(left.pre.length);
  for (let i = 0; i < left.pre.length && i < right.pre.length; i++) {
    const [x, y] = [left.pre[i]!, right.pre[i]!];
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'number' ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return left.pre.length - right.pre.length;
}

function semverOf(version: string): { readonly core: number[]; readonly pre: Part[] } {
  const match =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/.exec(
      version,
    );
  if (match === null) throw new Fault('ValueError', `invalid semantic version '${version}'`);
  const pre = match[4]?.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
  return { core: [Number(match[1]), Number(match[2]), Number(match[3])], pre };
}

/** PEP 440, as `packaging` reads versions. */
export function comparePep440(a: string, b: string): number {
  const [left, right] = [pep440Of(a), pep440Of(b)];
  return (
    left.epoch - right.epoch ||
    compareReleases(left.release, right.release) ||
    compareParts(left.pre, right.pre) ||
    left.post - right.post ||
    left.dev - right.dev ||
    compareLocal(left.local, right.local)
  );
}

const PEP440 =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;
const RELEASE_NAMES: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

function pep440Of(version: string) {
  const match = PEP440.exec(version);
  if (match === null) throw new Fault('ValueError', `Invalid version: '${version}'`);
  const [, epoch, release, preName, preNumber, barePost, postName, postNumber, dev, devNumber, local] = match;
  const name = preName?.toLowerCase();
  const hasPost = barePost !== undefined || postName !== undefined;
  let pre: Part[] = ['z', 0];
  if (name !== undefined) pre = [RELEASE_NAMES[name] ?? name, Number(preNumber ?? 0)];
  else if (dev !== undefined && !hasPost) pre = ['', 0];
  return {
    epoch: Number(epoch ?? 0),
    release: release!.split('.').map(Number),
    pre,
    post: hasPost ? Number(barePost ?? postNumber ?? 0) : -1,
    dev: dev === undefined ? Number.MAX_SAFE_INTEGER : Number(devNumber ?? 0),
    local: local
      ?.toLowerCase()
      .split(/[-_.]/)
      .map((part): Part => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

function compareReleases(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = (a[i] ?? 0) - (b[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function compareLocal(a: readonly Part[] | undefined, b: readonly Part[] | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === 'number' ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return a.length - b.length;
}
