"""Figures as plain geometry: places in percent of a plot, with their labels; the page draws them."""
