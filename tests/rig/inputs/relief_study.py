"""Two plans on uneven quotas, one of them with relief: its mean pay does not exist."""

import sim

PLAN = """\
name = "{name}"
pay = {{ target_bonus = 10_000, base_salary = 40_000 }}
[[component]]
quota = {{ kind = "retention", rate = 0.9 }}
{moves}
"""


def relief_study(folder, scenario, study):
    """A study of ``plain.toml`` and ``relief.toml``, written into the folder and loaded."""
    (folder / "scenario.toml").write_text(scenario)
    for name, moves in (("plain", ""), ("relief", "quota_moves = { early_out_of_due = 1.0 }")):
        (folder / f"{name}.toml").write_text(PLAN.format(name=name, moves=moves))
    (folder / "study.toml").write_text(study)
    return sim.load(folder / "study.toml")
