"""The questions a study can ask: one folder each, with its table of the study file, pass, answer, tables, figures and
sentences; ``registry`` lists them.
"""
