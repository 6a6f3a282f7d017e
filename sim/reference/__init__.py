"""What every key of every file means: JSON Schema and help, from the typed models that read the files."""
