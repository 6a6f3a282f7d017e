"""The valid files that are mutated, and the commands that read each kind."""

import functools
import json
import random
import tomllib

from sim.cli import command
from sim.engine.study import MOST_WORLDS
from tests.fuzz.mutations import bytes_of, document_of, table_of, toml_text
from tests.rig.repository import ROOT

SCENARIO = """\
name = "small"
start = 2026-01-01
periods = 4
[employer]
on_cost = 0.08
[team]
turnover_per_year = 0.5
[[segment]]
name = "smb"
csms = 1
arr = { accounts = 3, mean = 20000.0, sigma = 0.8 }
term_months = { "12" = 0.7, "3" = 0.3 }
churn = { probability = 0.1, dispersion = 0.1 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.5 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.4, size = { mean = 0.3, sigma = 0.6 } }
win_back = [{ days = [181, 365], probability = 0.02 }]
new_accounts = { per_year = 1.0, arr = { mean = 9000.0, sigma = 0.5 } }
lag = [{ days = [-90, 0], share = 0.8 }, { days = [1, 90], share = 0.2 }]
movable = { ready_early = 0.5, holdable = 0.2 }
"""
BOOK_SCENARIO = """\
name = "listed"
start = 2026-01-01
periods = 2
book = { file = "book.csv" }
[[segment]]
name = "smb"
churn = { probability = 0.1 }
lag = [{ days = [-90, 0], share = 0.8 }, { days = [1, 90], share = 0.2 }]
"""
STUDY = """\
name = "try"
seed = 1
worlds = 4
scenario = "scenario.toml"
plans = ["plan.toml", "other.toml"]
baseline = "other"
budget = 100000.0
limits = { cost_p90 = 1.2, exposure = 0.2 }
gaming = { worlds = 8 }
forecast = { levels = [0.0, 1.0], level_worlds = 4, luck_worlds = 8, accrual_worlds = 4 }
"""
PLAIN_STUDY = "".join(
    line for line in STUDY.splitlines(keepends=True) if not line.startswith(("gaming", "forecast"))
)
"""Seven in eight scenarios, plans and books are run without the questions that take longest."""
OTHER = """\
name = "other"
[pay]
target_bonus = 20000
base_salary = 60000
[[component]]
quota = { kind = "retention", rate = 0.9 }
[[component.curve]]
attainment = "[0, inf)"
slope = 1.0
"""
TABLES = {
    "book.csv": "csm,account,segment,arr,due_date,term_months\nAnn,a,smb,12000,2026-03-31,12\n"
    "Ann,b,smb,36000,2026-05-15,24\nBo,c,smb,5000.50,2026-06-30,12\n",
    "deals.csv": "csm,account,arr,due_date,booked_date,booked_arr\nAnn,a,12500,2026-03-31,2026-03-20,13000\n"
    "Ann,b,36000,2026-05-15,,\nBo,c,5100.75,2026-06-30,2026-07-12,5100.75\n",
    "opening.csv": "csm,account,arr\nAnn,a,12000\nAnn,b,36000\nBo,c,5000.50\n",
    "expansions.csv": "csm,account,date,arr\nAnn,a,2026-02-01,500\nBo,c,2026-04-30,100.25\n",
    "kpis.csv": "csm,date,kpi,value\nAnn,2026-03-30,nps,40\nBo,2026-06-30,health,81.5\n",
}
STRESS = """\
name = "mine"
title = "Mine"
why = "Losses come together."
source = "assumption"
[[change]]
input = "segment.smb.churn"
odds = 2.0
"""
FEW_WORLDS = 64
"""A valid number of worlds above this is a long job and no hang: the input asks for so many instead."""
RUN = ("run", "study.toml", "--threads", "1", "--out", "out", "--worlds", "4", "--json")
FILES = ("--book", "opening.csv", "--expansions", "expansions.csv", "--kpis", "kpis.csv")
REPLAY = ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-01-01", "--periods", "2", "--json")
LIBRARY = [
    text
    for path in sorted((ROOT / "configs" / "plans").rglob("*.toml"))
    if path.parent.name not in ("roles",) and "[[component]]" in (text := path.read_text(encoding="utf-8"))
]
KINDS = {
    "plan": (("lint", "plan.toml", "--json"), (*REPLAY, *FILES), RUN),
    "scenario": (RUN,),
    "study": (RUN,),
    "stress": (
        ("stress", "study.toml", "--worlds", "4", "--no-tornado", "--out", "out", "--only", "mine", "--json"),
    ),
    "book.csv": (RUN,),
    "deals.csv": (REPLAY, (*REPLAY, *FILES)),
    "opening.csv": ((*REPLAY, *FILES),),
    "expansions.csv": ((*REPLAY, *FILES),),
    "kpis.csv": ((*REPLAY, *FILES),),
    "summary.json": (
        ("report", "result", "--only", "csv", "--only", "html", "--only", "xlsx", "--out", "out"),
        ("compare", "result", "result", "--json"),
    ),
}


def lay_out(folder):
    """The valid files, and a result to report on."""
    texts = {
        "scenario.toml": SCENARIO,
        "plan.toml": LIBRARY[0],
        "other.toml": OTHER,
        "study.toml": STUDY,
    }
    for name, text in (texts | TABLES).items():
        (folder / name).write_text(text, encoding="utf-8")
    command(["run", str(folder / "study.toml"), "--out", str(folder / "result"), "--worlds", "64"])
    return json.loads((folder / "result" / "summary.json").read_text(encoding="utf-8"))


def few_worlds(node, key=""):
    """A document in which every valid number of worlds is small; one that is refused for its size stays."""
    if isinstance(node, dict):
        return {name: few_worlds(each, name) for name, each in node.items()}
    if isinstance(node, list):
        return [few_worlds(each) for each in node]
    counts = key.endswith("worlds") and isinstance(node, int | float) and not isinstance(node, bool)
    return type(node)(FEW_WORLDS) if counts and FEW_WORLDS < node <= MOST_WORLDS else node


document_in = functools.cache(tomllib.loads)
"""A valid file is read once; what changes a document takes a copy."""


def write_input(kind, number, folder, summary):
    """Input ``number`` of a kind, in the place of the valid file."""
    choices = random.Random(f"{kind} {number}")
    study = PLAIN_STUDY if number % 8 else STUDY
    lay = {
        "plan.toml": OTHER.replace('"other"', '"plain"'),
        "scenario.toml": SCENARIO,
        "study.toml": study,
    } | TABLES
    if kind.endswith(".csv"):
        name, lay["scenario.toml"] = kind, BOOK_SCENARIO
        text = table_of(TABLES[kind], choices)
    elif kind == "summary.json":
        name, text = "result/summary.json", json.dumps(document_of(summary, choices), default=str)
        (folder / "result" / "manifest.json").unlink(missing_ok=True)
    else:
        name = "mine.toml" if kind == "stress" else f"{kind}.toml"
        source = {
            "plan": choices.choice(LIBRARY),
            "scenario": choices.choice((SCENARIO, BOOK_SCENARIO)),
            "study": STUDY if number % 2 else PLAIN_STUDY,
            "stress": STRESS,
        }[kind]
        lay["study.toml"] = study + ("stress = { files = ['mine.toml'] }\n" if kind == "stress" else "")
        text = toml_text(few_worlds(document_of(document_in(source), choices)))
    for each, valid in lay.items():
        (folder / each).write_text(valid, encoding="utf-8")
    content = text.encode("utf-8", "surrogatepass")
    (folder / name).write_bytes(bytes_of(content, choices) if choices.random() < 0.1 else content)
