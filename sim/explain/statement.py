"""The blocks of rows that an explanation ends with: a founding table, or one for each component and one for payment."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.explain.explained import ComponentTold, Explanation
from sim.explain.reached import sentence_of
from sim.shapes.statement import Row, attainment_rows, exhausted_note, founding_rows, unasked_notes


class Block(NamedTuple):
    """Rows under a title, and what is said of some of their periods."""

    title: str
    rows: list[Row]
    note: str = ""


def blocks(explanation: Explanation) -> Iterator[Block]:
    """In reading order."""
    plan, settled, calendar = explanation.plan, explanation.statement, explanation.calendar
    note = exhausted_note(settled, calendar, plan.has_quota, plan.lead.nothing_due)
    if plan.on_renewals_alone:
        yield Block("", founding_rows(settled) + attainment_rows(settled, explanation.neutral), note)
        return
    for told in explanation.components:
        lead = told.component is plan.lead
        rows = [*told.rows, *(_neutral(explanation) if lead else ()), *_steps(told, explanation)]
        yield Block(sentence_of(told.component), rows, note if lead else "")
    yield Block(
        "From earned to paid",
        list(_payment(explanation)),
        unasked_notes(explanation.settlement, plan, calendar),
    )


def _neutral(explanation: Explanation) -> Iterator[Row]:
    """What a component on renewals would have reached if every renewal had been booked on its due date."""
    if explanation.neutral is not None:
        yield Row("  Timing-Neutral (%)", explanation.neutral.attainment[:, 0].tolist(), None, 1, share=True)


def _steps(told: ComponentTold, explanation: Explanation) -> Iterator[Row]:
    """What the component has earned after each rule that changed it."""
    name = told.component.name
    if told.component.pay_kind == "none":
        return
    for step in explanation.steps:
        if name in step.changed or step.key == "pay":
            values = step.after[name][:, 0].tolist()
            total = None if step.key == "pay" and told.terms.window.to_date else sum(values)
            yield Row(step.words, values, total, 1)


def _payment(explanation: Explanation) -> Iterator[Row]:
    """What is topped up, then from earned to paid."""
    settled = explanation.settlement
    for name, each in settled.component.items():
        if each.reading is None:
            yield Row(name.capitalize(), each.pay[:, 0].tolist(), float(each.pay.sum()), 1)
    for flow in explanation.payment:
        values = flow.amount[:, 0].tolist()
        yield Row(flow.words, values, values[-1] if flow.balance else sum(values), 1)
