"""The plan: what is credited, asked and paid for a given Ledger. A pure function; no randomness is reachable from here.

May import: ``sim.records``, ``sim.calendar``, ``sim.kernel``, ``sim.errors``, ``sim.files``. Never ``sim.world``.
"""
