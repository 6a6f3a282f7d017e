"""One plan at a time: crediting, quotas, curves, components, against amounts worked by hand."""
