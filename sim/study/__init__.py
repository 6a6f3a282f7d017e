"""A study: one scenario, several plans, one seed. Here world and plan meet; blocks of worlds run on threads."""
