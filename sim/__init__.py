"""Monte Carlo simulator of Customer Success compensation plans."""

__version__ = "0.1.0"
