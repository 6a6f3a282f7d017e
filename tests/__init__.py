"""The tests of csmsim: every folder of `sim` has its own, and `rig` is what they are built with."""
