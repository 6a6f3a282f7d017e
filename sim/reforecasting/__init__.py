"""Forecasts anew in mid-year: what is booked is settled, what is open is drawn given what is known."""
