"""Forecasts of past days held against what happened."""
