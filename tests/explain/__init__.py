"""One book of one world, told deal by deal."""
