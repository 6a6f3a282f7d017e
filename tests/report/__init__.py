"""What a reader meets: the page, the workbook, the deck, the terminal, and the sentences in them."""
