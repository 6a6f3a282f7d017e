"""Who gains and who loses by a plan: every CSM against the baseline, world by world."""
