# %% [markdown]
# # Calibrate and backtest
#
# A company's own renewals make the scenario; what is not known of it is carried into the forecast; and last year says whether that was worth anything.

# %%
import pandas as pd

import sim

history = sim.examples.folder() / "history"
prior = sim.examples.folder() / "scenarios" / "mid-market.toml"
learnt = sim.calibrate(history, prior=prior, as_of="2025-12-31", sweeps=300)
learnt

# %% [markdown]
# Joint draws of everything that was estimated, a row a draw: what a forecast lives on.

# %%
draws = pd.DataFrame(learnt.value.draws)
draws[
    ["segment.mid-market.churn.probability", "segment.mid-market.lag[3].share", "dependence.skill"]
].describe().round(3)

# %% [markdown]
# ## Would last year have been inside?
# Only what was known on the cut is used, and the forecast starts from the real book of that day.

# %%
tested = sim.backtest(
    history, sim.examples.folder() / "plans" / "base.toml", cut="2025-01-01", prior=prior, worlds=500
)
tested

# %%
tested.rows.query("what == 'cost'")[["period", "actual", "p5", "p50", "p95", "pit"]].round(2)
