"""Forecasts in mid-year over many made years: `python -m tests.martingale`."""
