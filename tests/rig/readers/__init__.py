"""What tests read of the product's answers: pages, workbooks, decks, figures and exit codes."""
