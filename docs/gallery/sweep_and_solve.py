# %% [markdown]
# # Sweep and solve
#
# Which quota rate makes the tiered plan fit the budget? Worlds are simulated once; every value of the clause is settled on the same ones.

# %%
import numpy as np

import sim

study = sim.load(sim.examples.path("quickstart"))
worlds = sim.simulate(study, worlds=512)
worlds

# %% [markdown]
# ## Sweep
# Twenty-one values of one clause: cost with its simulation error, and what may happen.

# %%
tiers = study.plans["tiers"]
swept = sim.sweep(worlds, tiers, {"component.renewals.quota.rate": np.linspace(0.80, 1.00, 21)})
swept

# %%
swept.plot()
# %% [markdown]
# ## Solve
# The rate at which nine worlds in ten cost at most $13M, how sure it is, or that there is none.

# %%
solved = sim.solve(
    worlds, tiers, vary="component.renewals.quota.rate", until="cost.p90 = 13M", between=(0.80, 1.10)
)
solved

# %% [markdown]
# ## Hold it against today's plan
# Paired, world by world.

# %%
fitted = tiers.altered({"component.renewals.quota.rate": round(solved.value, 3)}, name="fitted")
worlds.compare([fitted, tiers], baseline="base")
