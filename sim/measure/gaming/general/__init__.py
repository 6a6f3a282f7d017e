"""Exposure under a plan of any components and rules: what moves do to every measure, a rule that plays, and a bound."""
