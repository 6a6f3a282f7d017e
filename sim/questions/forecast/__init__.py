"""The board's forecast: cost by year, what may exceed the budget, what moves it, who is paid when, and who is hired."""
