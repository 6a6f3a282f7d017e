"""One book of one world, recomputed alone and told deal by deal, and the statement that it adds up to."""
