"""Backtest: forecasts of past days beside what happened."""
