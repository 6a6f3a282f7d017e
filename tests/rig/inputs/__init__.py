"""What tests give the product: deals, books, plans, scenarios and whole studies, by hand or at random."""
