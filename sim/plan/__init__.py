"""The plan: what is credited, asked and paid for a given Ledger. A pure function, without any randomness.

May import: ``sim.records``, ``sim.calendar``, ``sim.kernel``, ``sim.errors``, ``sim.files``, ``sim.ledger``.
Never ``sim.world``.
"""
