"""A study: one scenario, several plans, one seed. Here the two wings meet; blocks of worlds run on threads."""
