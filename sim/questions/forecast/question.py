"""The question of a forecast: the cost by year, against the market, with hires, as the economy moves, accrued and paid."""

from typing import Final

from sim.engine.setting import Setting
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.questions.forecast.entry import forecast_entry, headcount
from sim.questions.forecast.report import forecast_sections
from sim.questions.forecast.setting import Forecast
from sim.questions.forecast.summary import ForecastOfPlan, ForecastOfStudy, MarketOfPlan
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question, Ran


def _read(study: Study, _setting: Setting, totals: Totals, _paths: Paths) -> Answer:
    _, variant_of = variants_of(study)
    answer = Answer(ForecastOfStudy(headcount=headcount(study, totals)))
    for index, role_set in enumerate(study.sets):
        retention = totals.retentions[variant_of[index]]
        answer.add(role_set.name, ForecastOfPlan(forecast=forecast_entry(study, totals, index, retention)))
    return answer


def _measure(ran: Ran) -> Answer:
    forecast = ran.study.asked(Forecast)
    if forecast is None:
        return Answer()
    from sim.questions.forecast.accrual import accrual_entries
    from sim.questions.forecast.macro import macro_entries

    answer = Answer()
    for name, macro in macro_entries(ran.study, forecast, ran.workers).items():
        answer.add(name, MarketOfPlan(macro=macro))
    for name, periods in accrual_entries(ran.study, forecast, ran.workers).items():
        answer.add(name, MarketOfPlan(accrual=periods))
    return answer


FORECAST: Final = Question(
    "forecast",
    read=_read,
    measure=_measure,
    of_plan=(ForecastOfPlan, MarketOfPlan),
    of_whole=(ForecastOfStudy,),
    sections=forecast_sections,
)
