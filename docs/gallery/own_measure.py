# %% [markdown]
# # A measure of your own
#
# A run keeps the cost of every plan in every world. Here: how often is each plan the cheapest of all, and how much dearer than the cheapest when it is not?

# %%
import numpy as np

import sim

study = sim.load(sim.examples.path("quickstart"))
result = sim.run(study, worlds=512)
cost = result.worlds.groupby(["plan", "world"], observed=True)["cost"].sum().unstack("world")
cost.shape

# %% [markdown]
# All plans are settled on the same worlds, so the comparison is within each world and the luck of the draw cancels.

# %%
above = cost - cost.min(axis=0)
found = above.quantile([0.5, 0.95], axis=1).T
found.columns = ["median regret [usd]", "P95 regret [usd]"]
found["cheapest in"] = (above == 0).mean(axis=1)
found["± sim. error"] = np.sqrt(found["cheapest in"] * (1 - found["cheapest in"]) / cost.shape[1])
found.sort_values("P95 regret [usd]").round(
    {"median regret [usd]": 0, "P95 regret [usd]": 0, "cheapest in": 3, "± sim. error": 3}
)

# %% [markdown]
# To have such a number in every report, make it a question: see *Add your own*.
