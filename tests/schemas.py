"""``python -m tests.schemas``: write the schemas of ``configs/schemas`` as the models are now."""

from sim.reference.published import write_all
from tests.rig.repository import ROOT

write_all(ROOT / "configs/schemas")
