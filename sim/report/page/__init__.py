"""The report as one page: HTML that opens from disk, needs no network, and prints."""
