"""Learn a scenario from a company's history: what each input is, how sure that is, and what does not fit."""
