"""The forecast of a year of which a part has happened: year-end cost, accrual, what is to come, and what has changed."""
