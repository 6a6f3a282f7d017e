"""The questions a study can ask: one folder each, with its configuration, pass, theory, tables, figures and sentences."""
