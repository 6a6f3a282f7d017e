"""Reports: results as people and machines read them. Returns text and tables; never prints."""
