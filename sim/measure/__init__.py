"""Measures: estimates with their Monte Carlo errors, from what plans paid in each world.

May import: ``sim.records``, ``sim.calendar``, ``sim.kernel``. Knows neither files nor reports.
"""
