"""The faults that lint finds in a plan, and the plans where it finds none."""
