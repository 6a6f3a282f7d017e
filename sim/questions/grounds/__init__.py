"""What a result rests on: what was run, what is assumed on what grounds, and what is not modelled."""
