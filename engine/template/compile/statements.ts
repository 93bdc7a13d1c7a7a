// Statements become closures that print into a list of pieces; what the pieces are together is for the typing to say.

import type { Value } from '../../model/value.ts';
import { runBlock } from '../evaluate/blocks.ts';
import type { Frame } from '../evaluate/frame.ts';
import { fromImport, importInto, includeInto, load } from '../evaluate/includes.ts';
import { BREAK, CONTINUE, type Evaluate, type Execute, type Flow, NEXT } from '../evaluate/instance.ts';
import { runLoop } from '../evaluate/loop.ts';
import { callBlock, macro } from '../evaluate/macro.ts';
import { Namespace } from '../evaluate/objects.ts';
import { Fault } from '../fault.ts';
import { MOST_ITEMS } from '../limits.ts';
import { truth, unpack } from '../python/compare.ts';
import type {
  Block,
  Body,
  CallBlock,
  Data,
  Expression,
  FilterBlock,
  For,
  If,
  MacroOf,
  Output,
  Parameter,
  SetBlock,
  SetOf,
  Statement,
  Target,
  With,
} from '../syntax/tree.ts';
import { argumentsOf, chain } from './calls.ts';
import { expression, expressions } from './expressions.ts';
import { type Making, siteOf } from './making.ts';

/** The closure that runs the statements one after the other. */
export function body(node: Body, making: Making): Execute {
  const statements = node.children.map((child) => statement(child, making));
  const [only] = statements;
  if (statements.length === 1 && only !== undefined) return only;
  return (frame, out) => {
    for (const run of statements) {
      const flow = run(frame, out);
      if (flow !== NEXT) return flow;
    }
    return NEXT;
  };
}

function statement(node: Statement, making: Making): Execute {
  switch (node.typename) {
    case 'Output':
      return output(node, making);
    case 'If':
      return conditional(node, making);
    case 'For':
      return loop(node, making);
    case 'Set':
      return set(node, making);
    case 'SetBlock':
      return setBlock(node, making);
    case 'Macro':
      return defineMacro(node, making);
    case 'CallBlock':
      return callWithBlock(node, making);
    case 'FilterBlock':
      return filterBlock(node, making);
    case 'With':
      return withBlock(node, making);
    case 'Scope': {
      const inner = nested(node.body, making);
      return (frame, out) => inner(frame.inner(), out);
    }
    case 'Block':
      return block(node, making);
    case 'Extends': {
      const name = expression(node.template, making);
      const site = siteOf(making, node);
      return (frame) => {
        if (frame.instance.parent !== undefined) throw new Fault('TemplateError', 'extended multiple times');
        const wanted = name(frame);
        frame.run.site = site;
        frame.instance.parent = load(frame.run, wanted);
        frame.instance.adopt(frame.instance.parent);
        return NEXT;
      };
    }
    case 'Include': {
      const name = expression(node.template, making);
      const site = siteOf(making, node);
      return (frame, out) => {
        const wanted = name(frame);
        frame.run.site = site;
        includeInto(frame, wanted, node.ignoreMissing, node.withContext, out);
        return NEXT;
      };
    }
    case 'Import': {
      const name = expression(node.template, making);
      const site = siteOf(making, node);
      return (frame) => {
        const wanted = name(frame);
        frame.run.site = site;
        frame.set(node.target, importInto(frame, wanted, node.withContext));
        return NEXT;
      };
    }
    case 'FromImport': {
      const name = expression(node.template, making);
      const site = siteOf(making, node);
      return (frame) => {
        const wanted = name(frame);
        frame.run.site = site;
        fromImport(frame, wanted, node.names, node.withContext);
        return NEXT;
      };
    }
    case 'Do': {
      const value = expression(node.value, making);
      return (frame) => {
        value(frame);
        return NEXT;
      };
    }
    case 'Break':
      return () => BREAK;
    case 'Continue':
      return () => CONTINUE;
  }
}

/** Statements within another statement: no longer at the top level. */
function nested(node: Body, making: Making): Execute {
  making.nested += 1;
  const run = body(node, making);
  making.nested -= 1;
  return run;
}

function output(node: Output, making: Making): Execute {
  const parts = node.children.map((child) => piece(child, making));
  const top = making.nested === 0;
  return (frame, out) => {
    if (top && frame.instance.parent !== undefined) return NEXT;
    for (const part of parts) out.push(part(frame));
    if (out.length > MOST_ITEMS) throw new Fault('LimitError', `the template prints more than ${MOST_ITEMS} pieces`);
    return NEXT;
  };
}

function piece(node: Expression | Data, making: Making): Evaluate {
  if (node.typename === 'TemplateData') {
    const text = node.value;
    return () => text;
  }
  const value = expression(node, making);
  const site = siteOf(making, node);
  return (frame) => {
    frame.run.site = site;
    return frame.run.types.piece(value(frame));
  };
}

function conditional(node: If, making: Making): Execute {
  const cond = expression(node.cond, making);
  const site = siteOf(making, node);
  making.soft += 1;
  const then = nested(node.body, making);
  const other = node.else_;
  const otherwise =
    other === null ? undefined : other.typename === 'If' ? conditional(other, making) : nested(other, making);
  making.soft -= 1;
  return (frame, out) => {
    frame.run.site = site;
    if (truth(cond(frame))) return then(frame, out);
    return otherwise === undefined ? NEXT : otherwise(frame, out);
  };
}

function loop(node: For, making: Making): Execute {
  const items = expression(node.arr, making);
  const assign = target(node.name);
  const test = node.test === null ? undefined : expression(node.test, making);
  const site = siteOf(making, node);
  const inner = nested(node.body, making);
  const otherwise = node.else_ === null ? undefined : nested(node.else_, making);
  const { recursive } = node;
  return (frame, out): Flow => {
    frame.run.site = site;
    runLoop({ assign, test, body: inner, otherwise, recursive }, frame, items(frame), out);
    return NEXT;
  };
}

/** Assigns a value to a name, to several, or to a namespace's attribute. */
export type Assign = (frame: Frame, value: Value) => void;

function target(node: Target): Assign {
  switch (node.typename) {
    case 'Symbol': {
      const name = node.value;
      return (frame, value) => frame.set(name, value);
    }
    case 'Member':
      return (frame, value) => {
        const object = frame.find(node.object);
        if (!(object instanceof Namespace))
          throw new Fault('TemplateError', 'cannot assign attribute on non-namespace object');
        object.attributes.set(node.name, value);
      };
    case 'Group': {
      const targets = (node.children as unknown as readonly Target[]).map(target);
      return (frame, value) => {
        const values = unpack(value, targets.length);
        targets.forEach((assign, index) => {
          assign(frame, values[index]!);
        });
      };
    }
  }
}

function set(node: SetOf, making: Making): Execute {
  const value = expression(node.value, making);
  const assign = target(node.targets);
  const site = siteOf(making, node);
  return (frame) => {
    frame.run.site = site;
    assign(frame, value(frame));
    return NEXT;
  };
}

/** What the statements print, as one value. */
function captured(node: Body, making: Making): Evaluate {
  const run = nested(node, making);
  return (frame) => {
    const out: Value[] = [];
    run(frame.inner(), out);
    return frame.capture(out);
  };
}

function setBlock(node: SetBlock, making: Making): Execute {
  const text = captured(node.body, making);
  const value = node.filter === null ? text : chain(node.filter, making, text);
  const assign = target(node.target);
  return (frame) => {
    assign(frame, value(frame));
    return NEXT;
  };
}

function filterBlock(node: FilterBlock, making: Making): Execute {
  const value = chain(node.filter, making, captured(node.body, making));
  return (frame, out) => {
    out.push(frame.run.types.piece(value(frame)));
    return NEXT;
  };
}

function withBlock(node: With, making: Making): Execute {
  const values = expressions(node.values, making);
  const targets = node.targets.map(target);
  const inner = nested(node.body, making);
  return (frame, out) => {
    const scope = frame.inner();
    const given = values.map((value) => value(frame));
    targets.forEach((assign, index) => {
      assign(scope, given[index]!);
    });
    return inner(scope, out);
  };
}

function parameters(list: readonly Parameter[], making: Making): { name: string; initial: Evaluate | undefined }[] {
  return list.map(({ name, initial }) => ({
    name,
    initial: initial === null ? undefined : expression(initial, making),
  }));
}

function defineMacro(node: MacroOf, making: Making): Execute {
  const shape = {
    name: node.name,
    parameters: parameters(node.args, making),
    body: nested(node.body, making),
    ...mentions(node.body),
  };
  return (frame) => {
    frame.set(node.name, macro(shape, frame));
    return NEXT;
  };
}

function callWithBlock(node: CallBlock, making: Making): Execute {
  const shape = {
    name: 'caller',
    parameters: parameters(node.args, making),
    body: nested(node.body, making),
    ...mentions(node.body),
  };
  const callee = expression(node.call.name, making);
  const args = argumentsOf(node.call.args, making);
  const site = siteOf(making, node);
  return (frame, out) => {
    out.push(frame.run.types.piece(callBlock(shape, frame, callee(frame), args(frame), site)));
    return NEXT;
  };
}

/** Which of the special names of a macro its body uses: only those that it uses does it take. */
function mentions(node: Body): { takesMore: boolean; takesNamed: boolean; takesCaller: boolean } {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      for (const child of part) visit(child);
      return;
    }
    if (part === null || typeof part !== 'object') return;
    const { typename, value } = part as { typename?: string; value?: unknown };
    if (typename === 'Symbol') names.add(value as string);
    for (const child of Object.values(part)) if (typeof child === 'object') visit(child);
  };
  visit(node.children);
  return { takesMore: names.has('varargs'), takesNamed: names.has('kwargs'), takesCaller: names.has('caller') };
}

function block(node: Block, making: Making): Execute {
  const { name, scoped, required } = node;
  making.blocks.set(name, { name, body: nested(node.body, making), required });
  const top = making.nested === 0;
  return (frame, out) => {
    if (top && frame.instance.parent !== undefined) return NEXT;
    runBlock(frame, name, scoped, out);
    return NEXT;
  };
}
