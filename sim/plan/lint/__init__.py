"""Lint: what the clauses of a plan give away, said before any simulation. One file a kind of fault."""

from sim.plan.lint.fault import Fault as Fault
from sim.plan.lint.table import lint as lint
