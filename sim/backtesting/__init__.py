"""Backtest: what a forecast made on a past day would have said of what happened since."""
