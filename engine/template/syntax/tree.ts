// The tree of a parsed template: nunjucks' nodes, and a few that Jinja2 has and nunjucks lacks. The types here are what
// the compiler reads; `make` builds the nodes.

import nodes from 'nunjucks/src/nodes.js';
import type { Value } from '../../model/value.ts';

export interface At {
  /** Both count from 0. */
  readonly lineno: number;
  readonly colno: number;
}

interface Is<Name extends string> extends At {
  readonly typename: Name;
}

export interface Literal extends Is<'Literal'> {
  readonly value: Value;
  /** The word that a constant was written as: Python does not know Jinja's `none`. */
  readonly word?: string;
}
export interface Name extends Is<'Symbol'> {
  readonly value: string;
}
export interface TupleOf extends Is<'Group'> {
  readonly children: readonly Expression[];
}
export interface ListOf extends Is<'Array'> {
  readonly children: readonly Expression[];
}
export interface DictOf extends Is<'Dict'> {
  readonly children: readonly { readonly key: Expression; readonly value: Expression }[];
}
/** `target.name` when `dotted`, else `target[val]`. */
export interface Lookup extends Is<'LookupVal'> {
  readonly target: Expression;
  readonly val: Expression | Slice;
}
export interface Attribute extends Is<'Attribute'> {
  readonly target: Expression;
  readonly name: string;
}
export interface Slice extends Is<'Slice'> {
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  /** `*args` and `**kwargs`. */
  readonly spread: Expression | null;
  readonly spreadNamed: Expression | null;
}
export interface Call extends Is<'FunCall'> {
  readonly name: Expression;
  readonly args: Arguments;
}
/** `input` is null in a filter block or behind `{% set x | ... %}`: the text of the block. */
export interface FilterCall extends Is<'Filter'> {
  readonly name: string;
  readonly args: Arguments;
  readonly input: Expression | null;
}
export interface TestCall extends Is<'Is'> {
  readonly left: Expression;
  readonly name: string;
  readonly args: Arguments;
}
export interface Conditional extends Is<'InlineIf'> {
  readonly cond: Expression;
  readonly body: Expression;
  readonly else_: Expression | null;
}
export interface Binary extends Is<'Or' | 'And' | 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow'> {
  readonly left: Expression;
  readonly right: Expression;
}
export interface Unary extends Is<'Not' | 'Neg' | 'Pos'> {
  readonly target: Expression;
}
export interface Concat extends Is<'Concat'> {
  readonly children: readonly Expression[];
}
export interface Compare extends Is<'Compare'> {
  readonly expr: Expression;
  readonly ops: readonly { readonly expr: Expression; readonly type: string }[];
}

export type Expression =
  | Literal
  | Name
  | TupleOf
  | ListOf
  | DictOf
  | Lookup
  | Attribute
  | Call
  | FilterCall
  | TestCall
  | Conditional
  | Binary
  | Unary
  | Concat
  | Compare;

/** `ns.attribute` as the target of a set. */
export interface Member extends Is<'Member'> {
  readonly object: string;
  readonly name: string;
}
export type Target = Name | TupleOf | Member;

export interface Output extends Is<'Output'> {
  readonly children: readonly (Expression | Data)[];
}
export interface Data extends Is<'TemplateData'> {
  readonly value: string;
}
export interface If extends Is<'If'> {
  readonly cond: Expression;
  readonly body: Body;
  readonly else_: Body | If | null;
}
export interface For extends Is<'For'> {
  readonly arr: Expression;
  readonly name: Target;
  readonly body: Body;
  readonly else_: Body | null;
  readonly test: Expression | null;
  readonly recursive: boolean;
}
export interface Parameter {
  readonly name: string;
  readonly initial: Expression | null;
}
export interface MacroOf extends Is<'Macro'> {
  readonly name: string;
  readonly args: readonly Parameter[];
  readonly body: Body;
}
export interface CallBlock extends Is<'CallBlock'> {
  readonly call: Call;
  readonly args: readonly Parameter[];
  readonly body: Body;
}
export interface FilterBlock extends Is<'FilterBlock'> {
  readonly filter: FilterCall;
  readonly body: Body;
}
export interface SetOf extends Is<'Set'> {
  readonly targets: Target;
  readonly value: Expression;
}
export interface SetBlock extends Is<'SetBlock'> {
  readonly target: Target;
  readonly filter: FilterCall | null;
  readonly body: Body;
}
export interface With extends Is<'With'> {
  readonly targets: readonly Target[];
  readonly values: readonly Expression[];
  readonly body: Body;
}
export interface Block extends Is<'Block'> {
  readonly name: string;
  readonly body: Body;
  readonly scoped: boolean;
  readonly required: boolean;
}
export interface Extends extends Is<'Extends'> {
  readonly template: Expression;
}
export interface Include extends Is<'Include'> {
  readonly template: Expression;
  readonly ignoreMissing: boolean;
  readonly withContext: boolean;
}
export interface Import extends Is<'Import'> {
  readonly template: Expression;
  readonly target: string;
  readonly withContext: boolean;
}
export interface FromImport extends Is<'FromImport'> {
  readonly template: Expression;
  readonly names: readonly (readonly [string, string])[];
  readonly withContext: boolean;
}
export interface Do extends Is<'Do'> {
  readonly value: Expression;
}
export interface LoopControl extends Is<'Break' | 'Continue'> {}
export interface Scope extends Is<'Scope'> {
  readonly body: Body;
}

export type Statement =
  | Output
  | If
  | For
  | MacroOf
  | CallBlock
  | FilterBlock
  | SetOf
  | SetBlock
  | With
  | Block
  | Extends
  | Include
  | Import
  | FromImport
  | Do
  | LoopControl
  | Scope;

export interface Body extends Is<'NodeList' | 'Root'> {
  readonly children: readonly Statement[];
}

type Fields<T extends At> = Omit<T, 'typename' | 'lineno' | 'colno'>;

const own = new Map<string, typeof nodes.Node>();

/** A node of the kind `typename`, nunjucks' own where it has one. */
export function make<T extends Expression | Statement | Slice | Member | Data | Body>(
  typename: T['typename'],
  at: At,
  fields: Fields<T>,
): T {
  let kind = nodes[typename] ?? own.get(typename);
  if (kind === undefined) {
    kind = nodes.Node.extend(typename, { fields: [] });
    own.set(typename, kind);
  }
  return Object.assign(new kind(at.lineno, at.colno), fields) as unknown as T;
}
