// troupe's side: reads cases from stdin, prints the figures and the answers as JSON.

import { readFileSync } from 'node:fs';
import { fromJson, type Json, Template, toJson, type Value } from '../../engine/model/value.ts';
import type { Context } from '../../engine/template/contract.ts';
import { createTemplar } from '../../engine/template/templar.ts';
import { NO_SERVICES } from '../../test/template/services.ts';
import { median } from '../table.ts';
import type { Case } from './cases.ts';

/** What each side prints for a case: nanoseconds per source, medians of the rounds, and what came out. */
export interface Figure {
  readonly wall: number;
  readonly cpu: number;
  readonly answers: readonly Json[];
}

export interface Order {
  readonly cases: readonly Case[];
  /** Milliseconds of CPU time of the last part of the warm-up, and of a round; how many rounds. */
  readonly warm: number;
  readonly round: number;
  readonly rounds: number;
}

const order = JSON.parse(readFileSync(0, 'utf8')) as Order;
console.log(JSON.stringify(order.cases.map(measure)));

function measure(given: Case): Figure {
  const vars = fromJson(given.vars) as Map<string, Value>;
  const context: Context = {
    scope: { get: (name) => vars.get(name), names: () => vars.keys() },
    searchPath: [],
    basedir: '/',
    services: NO_SERVICES,
    warn: () => {},
  };
  const once = passOf(given, context);
  const answers = once().map(toJson);
  // Warm by time of the CPU: on a busy machine the clock's would leave the compilers half-way.
  let passes = 1;
  let spent = spend(once, passes).cpu;
  while (spent < order.warm) {
    passes *= 2;
    spent = spend(once, passes).cpu;
  }
  passes = Math.max(1, Math.round((passes * order.round) / spent));
  const [walls, cpus]: [number[], number[]] = [[], []];
  for (let round = 0; round < order.rounds; round += 1) {
    const { wall, cpu } = spend(once, passes);
    walls.push((wall * 1e6) / (passes * given.sources.length));
    cpus.push((cpu * 1e6) / (passes * given.sources.length));
  }
  return { wall: median(walls), cpu: median(cpus), answers };
}

/** Milliseconds that the passes take, by the clock and of the CPU. */
function spend(once: () => unknown, passes: number): { wall: number; cpu: number } {
  const before = process.cpuUsage();
  const started = performance.now();
  for (let pass = 0; pass < passes; pass += 1) once();
  const wall = performance.now() - started;
  const used = process.cpuUsage(before);
  return { wall, cpu: (used.user + used.system) / 1000 };
}

/** One pass over all sources. */
function passOf({ use, sources }: Case, context: Context): () => Value[] {
  const make = (): ReturnType<typeof createTemplar> =>
    createTemplar({
      typing: 'modern',
      trimBlocks: true,
      allowBrokenConditionals: true,
      allowEmbeddedTemplates: true,
      errorOnUndefined: true,
      extensions: [],
    });
  if (use === 'distinct')
    return () => {
      const templar = make();
      return sources.map((source) => templar.render(new Template(source), context));
    };
  const templar = make();
  if (use === 'condition') return () => sources.map((source) => templar.judge(source, context).holds);
  if (use === 'file') return () => sources.map((source) => templar.renderFile(source, { file: '/case.j2' }, context));
  const templates = sources.map((source) => new Template(source));
  return () => templates.map((template) => templar.render(template, context));
}
