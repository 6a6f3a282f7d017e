"""Incentive strength: what one more renewal saved, on time, early, recovered or expanded pays, by exact recomputation.

Source: METHOD.md, switch contrasts.
"""
