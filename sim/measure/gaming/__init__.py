"""Gaming exposure: how much more a CSM can be paid for the same customer outcomes, by choosing booking dates alone.

A timing choice moves bookings across boundaries between periods. Everything a plan can tell of it is the amounts that
cross each boundary, so the best choice is a chain of decisions, one a boundary, and not one a renewal.
"""
