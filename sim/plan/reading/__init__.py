"""Reading: what a component is measured on, one file a kind of measure, all listed in ``table``."""
