"""One door: exports as a CRM or a billing system writes them become the canonical files that all else reads strictly."""
