"""Reading and writing of files: TOML, CSV, and the place where a result is put."""
