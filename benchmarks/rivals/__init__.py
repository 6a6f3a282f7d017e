"""Other programs for the same world and plans. They share the company and the plan files with the engine, and no kernel."""
