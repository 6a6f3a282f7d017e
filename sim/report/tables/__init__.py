"""Results as plain tables: one source for the page, the workbook, the deck and the files."""
