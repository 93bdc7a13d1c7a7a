"""Jinja2's side: reads cases from stdin, prints the figures and the answers as JSON. Its native environment, as Ansible
uses it; for whole files, whose outcome is text, its plain one, which is the faster. Only Debian's python3-jinja2."""

import json
import statistics
import sys
import time

from jinja2 import Environment, StrictUndefined, __version__
from jinja2.nativetypes import NativeEnvironment


def native():
    return NativeEnvironment(trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)


def pass_of(case):
    sources, variables, use = case["sources"], case["vars"], case["use"]
    if use == "distinct":

        def once():
            env = native()
            return [env.from_string(source).render(variables) for source in sources]

        return once
    if use == "condition":
        env = native()
        conditions = [env.compile_expression(source) for source in sources]
        return lambda: [bool(condition(variables)) for condition in conditions]
    env = Environment(trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined) if use == "file" else native()
    templates = [env.from_string(source) for source in sources]
    return lambda: [template.render(variables) for template in templates]


def measure(case, order):
    once = pass_of(case)
    answers = once()
    until = time.perf_counter() + order["warm"] / 1000
    warmed = 0
    while True:
        once()
        warmed += 1
        if time.perf_counter() >= until:
            break
    passes = max(1, round(warmed * order["round"] / order["warm"]))
    walls, cpus = [], []
    for _ in range(order["rounds"]):
        cpu, started = time.process_time_ns(), time.perf_counter_ns()
        for _ in range(passes):
            once()
        wall, used = time.perf_counter_ns() - started, time.process_time_ns() - cpu
        units = passes * len(case["sources"])
        walls.append(wall / units)
        cpus.append(used / units)
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus), "answers": answers}


if len(sys.argv) > 1 and sys.argv[1] == "--version":
    print(f"Jinja2 {__version__}, Python {sys.version.split()[0]}")
else:
    order = json.load(sys.stdin)
    print(json.dumps([measure(case, order) for case in order["cases"]]))
