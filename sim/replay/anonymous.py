"""A replay with people's names masked."""

from dataclasses import replace

from sim.files.deals import Deals
from sim.files.masks import Masks
from sim.replay.replay import Replay


def anonymous(result: Replay, deals: Deals) -> Replay:
    """The same with people's names masked, in the order of masks; also those who granted exceptions, and in texts. Masks are
    decided by customers and amounts of the deals, which a masked report does not tell.
    """
    secret = repr((deals.account, deals.arr.tolist(), deals.booked_arr.tolist()))
    masks = Masks([*(each.csm for each in result.settled), *result.roles], secret)
    granters = Masks((each.granted.by for each in result.exceptions), secret, "Approver")
    settled = [each._replace(csm=masks.of(each.csm)) for each in result.settled]
    plans = list(dict.fromkeys(each.plan.name for each in settled))
    return result._replace(
        settled=tuple(sorted(settled, key=lambda each: (plans.index(each.plan.name), each.csm))),
        notes=tuple(replace(each, text=masks.within(each.text)) for each in result.notes),
        roles={masks.of(csm): role for csm, role in result.roles.items()},
        exceptions=tuple(each.masked(masks, granters) for each in result.exceptions),
        books=None,
        winners={plan: each.renamed(masks.of) for plan, each in result.winners.items()},
    )
