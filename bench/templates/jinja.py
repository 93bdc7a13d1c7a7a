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


def spend(once, passes):
    cpu, started = time.process_time_ns(), time.perf_counter_ns()
    for _ in range(passes):
        once()
    return time.perf_counter_ns() - started, time.process_time_ns() - cpu


def measure(case, order):
    once = pass_of(case)
    answers = once()
    passes, spent = 1, spend(once, 1)[1]
    while spent < order["warm"] * 1e6:
        passes *= 2
        spent = spend(once, passes)[1]
    passes = max(1, round(passes * order["round"] * 1e6 / spent))
    rounds = [spend(once, passes) for _ in range(order["rounds"])]
    units = passes * len(case["sources"])
    walls, cpus = ([each[which] / units for each in rounds] for which in (0, 1))
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus), "answers": answers}


if len(sys.argv) > 1 and sys.argv[1] == "--version":
    print(f"Jinja2 {__version__}, Python {sys.version.split()[0]}")
else:
    order = json.load(sys.stdin)
    print(json.dumps([measure(case, order) for case in order["cases"]]))
