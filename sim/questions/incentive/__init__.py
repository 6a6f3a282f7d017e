"""Incentive: the pass of a study that measures what each plan rewards, by switching single outcomes."""
