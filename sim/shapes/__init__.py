"""What reports are made of, whatever the question and the medium: amounts, words, tables, axes."""
