"""DataFrames that draw what they hold: sweeps and comparisons of plans."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem, near_match, shown
from sim.report.plot import differences, trade_off
from sim.study.measured import swept_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class _Frame(pd.DataFrame):  # type: ignore[misc]
    """A DataFrame; what is selected or worked out of it is a plain one."""

    @property
    def _constructor(self) -> Any:
        return pd.DataFrame


class Swept(_Frame):
    """The rows of a sweep: a column for each clause, then each measure with its simulation error."""

    def plot(self, measure: str | None = None, *, axes: "Axes | None" = None) -> "Figure":
        """The trade-off curve of one clause. measure : the first one where left out.

        Raises: InputError when several clauses vary, no measure has that name, or matplotlib is not installed.
        """
        paths = self.attrs["paths"]
        if len(paths) != 1:
            fix = "Plot the frame as you like: .melt() and .pivot() work as on any."
            raise InputError([Problem("plot", "of a sweep of one clause", f"{len(paths)}", fix)])
        chosen = measure or self.attrs["measures"][0]
        if chosen not in self.attrs["measures"]:
            known = list(self.attrs["measures"])
            raise InputError(
                [Problem("measure", f"one of {known}", shown(chosen), near_match(chosen, known))]
            )
        return trade_off(swept_picture(self.to_dict("records"), paths[0], chosen), axes)


class Compared(_Frame):
    """The main measures of plans, a row each."""

    def plot(self, *, axes: "Axes | None" = None) -> "Figure":
        """Cost of each plan less the baseline's: nine worlds in ten, and the median.

        Raises: InputError when matplotlib is not installed.
        """
        columns = [f"vs_baseline_{key}" for key in ("p5", "p50", "p95")]
        rows = {
            str(name): (float(row[0]), float(row[1]), float(row[2]))
            for name, row in zip(self.index, self[columns].to_numpy(np.float64), strict=True)
            if str(name) != self.attrs["baseline"]
        }
        return differences(rows, self.attrs["baseline"], axes)
