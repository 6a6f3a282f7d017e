"""Gaming: the pass of a study that measures what choosing booking dates is worth, and its sections of the summary."""
