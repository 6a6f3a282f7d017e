"""What a search over plans asks and finds: its table of the study file, its typed summary, its tables and sentences."""
