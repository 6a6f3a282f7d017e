"""The world: books of accounts and what happens to them, at random but keyed. Knows nothing of plans.

May import: ``sim.records``, ``sim.calendar``, ``sim.kernel``, ``sim.errors``, ``sim.files``. Never ``sim.plan``.
"""
