"""What tests are built with: `inputs` for the product, `twins` beside it, `readers` of answers; `examples` for Hypothesis,
`repository` has paths."""
