"""The drawn world: accounts, renewals, seats and activity, against slow twins and published forms."""
