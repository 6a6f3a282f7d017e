"""Gaming: what choosing booking dates is worth under each plan, between what a rule obtains and what nothing exceeds."""
