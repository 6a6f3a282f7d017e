"""The question of a forecast: the cost by year, against the market, with hires, as the economy moves, accrued and paid."""

from typing import Final

from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.questions.forecast.entry import forecast_entry, headcount
from sim.questions.forecast.report import forecast_sections
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import ForecastOfPlan, ForecastOfStudy
from sim.questions.question import Answer, Question, Ran


def _read(study: Study, totals: Totals) -> Answer:
    _, variant_of = variants_of(study)
    answer = Answer(whole=ForecastOfStudy(headcount=headcount(study, totals)).document())
    for index, each in enumerate(study.sets):
        retention = totals.retentions[variant_of[index]]
        answer.add(each.name, "forecast", forecast_entry(study, totals, index, retention).document())
    return answer


def _measure(ran: Ran) -> Answer:
    forecast = ran.study.asked(Forecast)
    if forecast is None:
        return Answer()
    from sim.questions.forecast.accrual import accrual_entries
    from sim.questions.forecast.macro import macro_entries

    answer = Answer()
    for name, macro in macro_entries(ran.study, forecast, ran.threads).items():
        answer.add(name, "macro", macro.document())
    for name, periods in accrual_entries(ran.study, forecast, ran.threads).items():
        answer.add(name, "accrual", [period.document() for period in periods])
    return answer


FORECAST: Final = Question(
    "forecast",
    read=_read,
    measure=_measure,
    of_plan=ForecastOfPlan,
    of_whole=ForecastOfStudy,
    sections=forecast_sections,
)
