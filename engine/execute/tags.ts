// Which tasks --tags and --skip-tags let run.

import type { Node, Play } from '../model/playbook.ts';
import { Template, type Value } from '../model/value.ts';
import { joinedItems } from './directives.ts';

/** All tags of a node, its own and inherited ones, sorted. `render` resolves tags that are templates. */
export function tagsOf(node: Node, play: Play, render: (value: Value) => Value = (value) => value): string[] {
  const tags = new Set<string>();
  for (const { value } of joinedItems(node, play, 'tags')) {
    const rendered = value instanceof Template ? render(value) : value;
    for (const item of Array.isArray(rendered) ? rendered : [rendered]) {
      for (const tag of String(item ?? '').split(',')) if (tag.trim() !== '') tags.add(tag.trim());
    }
  }
  return [...tags].sort();
}

/** Mirrors ansible-core's special tags: always, never, all, tagged, untagged. */
export function isSelected(
  tags: readonly string[],
  wanted: { readonly run: readonly string[]; readonly skip: readonly string[] },
): boolean {
  const has = (list: readonly string[], tag: string): boolean => list.includes(tag);
  const meets = (list: readonly string[]): boolean => tags.some((tag) => list.includes(tag));
  const { run, skip } = wanted;
  if (run.length > 0) {
    const selected =
      (has(tags, 'always') && !has(skip, 'always')) ||
      (has(run, 'all') && !has(tags, 'never')) ||
      meets(run) ||
      (has(run, 'tagged') && tags.length > 0 && !has(tags, 'never')) ||
      (has(run, 'untagged') && tags.length === 0);
    if (!selected) return false;
  }
  if (skip.length > 0) {
    if (has(skip, 'all')) return has(tags, 'always') && !has(skip, 'always');
    if (meets(skip)) return false;
    if (has(skip, 'tagged') && tags.length > 0) return false;
    if (has(skip, 'untagged') && tags.length === 0) return false;
  }
  return true;
}
