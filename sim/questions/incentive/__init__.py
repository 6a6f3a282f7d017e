"""Incentive: what each plan rewards, by switching single outcomes, and how evenly."""
