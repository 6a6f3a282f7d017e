"""Results as a workbook and a deck."""
