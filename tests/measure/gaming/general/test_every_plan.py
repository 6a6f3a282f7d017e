"""The bracket of any plan against every timing of small books, and the shipped plans, none of which is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.pool import ALONE
from sim.measure.gaming.boundary import in_a_chain
from sim.measure.gaming.general.bound import most_paid
from sim.measure.gaming.general.gauges import gauge
from sim.measure.gaming.general.levers import after
from sim.measure.gaming.general.options import STAY
from sim.measure.gaming.general.rule import follow, learn
from sim.measure.gaming.general.scored import gauges
from sim.plan.plan import Plan, load_plan
from sim.plan.settle import settle
from sim.questions.gaming.general import Whose, after_moves, best_moves, learn_rule, moves_of, opened
from sim.questions.gaming.measured import expose_payees
from sim.questions.gaming.payee import effects_of_each, moved_ledger
from sim.questions.gaming.playing import played
from sim.questions.gaming.setting import Gaming
from sim.world.world import World
from tests.rig.examples import examples
from tests.rig.inputs.drawn_plans import plans
from tests.rig.inputs.played_books import every_choice, paid_for, small_company, tried
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
WORLDS = 3
CELLS = 32
PLANS = sorted((CONFIGS / "plans").rglob("*.toml"))


def playable(plan):
    """Whether the rig's company has what the plan reads: nobody has a quota of their own, and there are no other KPIs."""
    return all(each.quota.kind != "person" and each.measure != "kpi" for each in plan.component)


def bracket(plan, seed):
    """Pay of every choice in each world that can be enumerated, and the bound; the first choice is to move nothing."""
    game = tried(plan, seed, WORLDS)
    honest = settle(game.asked.plan.terms, game.held.ledger).bonus
    upper = most_paid(game.asked.plan, played(game.asked.plan, game.held, game.asked.reader, honest), CELLS)
    for world in range(WORLDS):
        choices = every_choice(game.held, world)
        if choices is not None:
            paid = paid_for(game, world, choices)
            assert paid[0] == pytest.approx(honest[:, world].sum(), abs=1e-9)
            yield paid, upper[world]


@examples(25)
@given(plans().filter(playable), st.integers(0, 50))
def test_no_choice_of_dates_pays_more_than_the_bound(plan, seed):
    """Random plans of the whole language; two hundred of them by ``python -m benchmarks.exposure_of_plans``."""
    for paid, upper in bracket(plan, seed):
        assert paid[0] <= upper + 1e-9
        assert paid.max() <= upper * (1 + 1e-7) + 1e-6


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_shipped_plan_has_a_bracket(path):
    """W_hon <= best, policy <= best <= upper, world by world; none is refused."""
    plan, scenario = load_plan(path), small_company(arr={"mean": 60_000.0, "sigma": 0.5, "accounts": 4})
    gaming = Gaming(worlds=4, training_worlds=4, curve_worlds=2, friction=(), movable=())
    found = expose_payees(World(scenario, 3), [Whose((0,))], plan, gaming, ALONE)
    assert (found.honest <= found.best + 1e-6).all()
    assert (found.policy <= found.best + 1e-6).all()
    assert (found.best <= found.upper + 1e-6).all()
    assert np.isfinite(found.upper).all() or in_a_chain(plan)


@pytest.mark.parametrize(
    "name", ["library/gated", "library/commission", "library/xactly-2015-csr", "team/graced"]
)
def test_what_moves_do_adds_up(name):
    """Gauges after any moves of different accounts are the honest ones and the effect of each."""
    plan = load_plan(CONFIGS / "plans" / f"{name}.toml")
    game = tried(plan, 5, 8)
    asked, held, world = game
    effects = effects_of_each(asked.plan, held, held.levers, asked.reader)
    rng = np.random.default_rng(2)
    chosen = rng.random(held.levers.size) < 0.5
    account = np.searchsorted(held.books[0].held.slot, held.levers.row, side="right")
    accounts = np.stack([held.levers.world, account])
    first = np.unique(accounts[:, chosen], axis=1, return_index=True)[1]
    some = np.zeros_like(chosen)
    some[np.flatnonzero(chosen)[first]] = True
    ledger = moved_ledger(world, held, some, asked.reader)
    told = after(gauges(asked.plan, held.ledger), held.levers, effects, some)
    for place, (component, terms) in enumerate(asked.plan.components):
        settled = gauge(component, terms, ledger)
        assert told[place].value == pytest.approx(settled.value, abs=1e-6), component.name
        assert told[place].asked == pytest.approx(settled.asked, abs=1e-6), component.name


def test_a_rule_knows_nothing_of_what_is_still_to_come():
    """The moves at the first boundaries are the same when everything after them is taken from other worlds."""
    plan = load_plan(CONFIGS / "plans" / "roles" / "account-manager.toml")
    scenario = small_company(periods=6, arr={"mean": 60_000.0, "sigma": 0.5, "accounts": 12})
    game = tried(plan, 4, 60, scenario)
    training = opened(game.world, Whose((0,)), game.asked, 1 << 20, 60)
    book = opened(game.world, Whose((0,)), game.asked, 0, 60)
    learnt, cut = learn(training.table), 2
    later = tuple(
        each._replace(
            value=np.concatenate([each.value[: cut + 1], each.value[cut + 1 :, ::-1]]),
            asked=np.concatenate([each.asked[: cut + 1], each.asked[cut + 1 :, ::-1]]),
            base=np.concatenate([each.base[: cut + 1], each.base[cut + 1 :, ::-1]]),
        )
        for each in book.table.gauges
    )
    moves, other = (follow(table, learnt) for table in (book.table, book.table._replace(gauges=later)))
    assert (moves[: cut + 1] == other[: cut + 1]).all()
    assert (moves[: cut + 1] != STAY).any()
    assert (moves != other).any()


def test_a_rule_gains_on_fresh_worlds_and_less_than_hindsight():
    """Of accelerated pay by cash date."""
    text = (CONFIGS / "plans" / "gaming" / "accelerator.toml").read_text()
    plan = Plan.from_toml(
        text.replace("[component.crediting]", '[component.crediting]\ndate = "service_start"')
    )
    scenario = small_company(periods=6, accounts=20, arr={"mean": 60_000.0, "sigma": 0.5, "accounts": 20})
    game = tried(plan, 4, 60, scenario)
    rule = learn_rule(game.world, opened(game.world, Whose((0,)), game.asked, 1 << 20, 60))
    book = opened(game.world, Whose((0,)), game.asked, 0, 60)
    gained = (after_moves(game.world, book, moves_of(book, rule)).bonus.sum(axis=0) - book.pay).mean()
    best = (best_moves(game.world, book, 0.0)[1].bonus.sum(axis=0) - book.pay).mean()
    assert 0.0 < gained < best
