"""Pages made from the source: keys of every file, payout curves, calls from Python, and the project's own documents."""

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import mkdocs_gen_files
import numpy as np

mpl.use("svg")
import matplotlib.pyplot as plt

import sim
from sim.plan.curve import curve_terms, pay_curve
from sim.plan.plan import Plan
from sim.reference.documents import DOCUMENTS
from sim.reference.keys import told
from sim.reference.schema import schema

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS_OF_THE_PROJECT = {
    "METHOD.md": "method.md",
    "DECISIONS.md": "decisions.md",
    "CHANGELOG.md": "changelog.md",
}
ATTAINMENT = np.linspace(0.0, 1.6, 1601)
JUMP = 0.02
"""A step between two points is no slope. [multiple of target bonus]"""
CURVES = ("plans", "plans/incentive")
"""Folders of ``configs`` whose plans' curves are drawn."""


def write(name: str, text: str) -> None:
    with mkdocs_gen_files.open(name, "w") as page:
        page.write(text)


def key_pages() -> None:
    for kind, document in DOCUMENTS.items():
        lines = [f"# {kind.capitalize()}", "", document.about, ""]
        for path, heading, rows in told(schema(kind)):
            lines += [f"## {path or 'The file'}", "", heading, "", "| key | takes | means |", "|---|---|---|"]
            lines += [f"| `{key}` | {cell(takes)} | {cell(means)} |" for key, takes, means in rows]
            lines.append("")
        write(f"keys/{kind}.md", "\n".join(lines))


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def curves() -> Iterator[tuple[str, str, Plan]]:
    """Plans whose curves differ, by file."""
    seen = set()
    for folder in CURVES:
        for path in sorted((sim.examples.folder() / folder).glob("*.toml")):
            plan = Plan.from_toml(path.read_text(encoding="utf-8"))
            key = plan.component[0].curve
            if plan.component[0].pay_kind == "bonus" and key not in seen:
                seen.add(key)
                yield (
                    path.relative_to(sim.examples.folder()).as_posix(),
                    path.read_text(encoding="utf-8"),
                    plan,
                )


def curve_page() -> None:
    lines = [
        "# Payout curves",
        "",
        "What a component pays, as a multiple of its target bonus, at each attainment; drawn by what settles plans.",
        "",
    ]
    for name, text, plan in curves():
        component = plan.component[0]
        figure, axes = plt.subplots(figsize=(6.0, 2.6), layout="constrained")
        multiple = np.zeros((1, ATTAINMENT.size))
        pay_curve(curve_terms(component.curve).pieces, ATTAINMENT[None, :], multiple)
        shown = multiple[0]
        jumps = np.flatnonzero(np.abs(np.diff(shown)) > JUMP)
        shown[jumps] = np.nan
        axes.plot(ATTAINMENT, shown, linewidth=2)
        axes.axvline(1.0, color="0.8", linewidth=0.8, zorder=0)
        axes.axhline(1.0, color="0.8", linewidth=0.8, zorder=0)
        axes.set(xlabel="attainment", ylabel="multiple of target", xlim=(0, 1.6), ylim=(0, None))
        axes.xaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
        plt.close(figure)
        picture = f"curves/{Path(name).stem}.svg"
        write(picture, drawn.getvalue())
        lines += [
            f"## {plan.title or plan.name}",
            "",
            f"![Payout against attainment of {plan.name}]({picture})",
            "",
            f"`configs/{name}`:",
            "",
            "```toml",
            *curve_lines(text),
            "```",
            "",
        ]
    write("curves.md", "\n".join(lines))


def curve_lines(text: str) -> list[str]:
    """The curve of the first component as its file writes it."""
    first = tomllib.loads(text)["component"][0].get("curve", [])
    return [
        "[[component.curve]]\n"
        + "\n".join(f"{key} = {value!r}".replace("'", '"') for key, value in piece.items())
        for piece in first
    ] or ["# left out: pays attainment times target"]


def project_pages() -> None:
    for source, page in DOCUMENTS_OF_THE_PROJECT.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        for name, target in DOCUMENTS_OF_THE_PROJECT.items():
            text = text.replace(f"]({name})", f"]({target})")
        write(page, text)


def calls_page() -> None:
    lines = [
        "# Python",
        "",
        "Everything the command line can, as calls: the same checks, the same sentences, the same bits.",
        "",
    ]
    for name in sim.__all__:
        if name in sim.PLACES:
            lines += [f"## sim.{name}", "", f"::: {sim.PLACES[name]}.{name}", ""]
    lines += ["## sim.examples", "", "::: sim.examples", ""]
    write("api.md", "\n".join(lines))


key_pages()
curve_page()
project_pages()
calls_page()
