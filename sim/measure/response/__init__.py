"""How CSMs answer a plan: effort on six tasks, and the equilibrium that the plan calls for.

Source: METHOD.md, response of CSMs.
"""
