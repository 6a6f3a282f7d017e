"""What the page can ask for, and the files that it consists of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import PurePath
from time import perf_counter
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field as Bounded
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sim.app.additions import additions
from sim.app.answer import answer
from sim.app.confirming import Confirming
from sim.app.fields import Field, field_groups
from sim.app.guard import MOST_BYTES, Guard, Keys, said
from sim.app.opening import opening
from sim.app.saved import file_name, plan_text
from sim.app.settling import Settling, SupersededError
from sim.app.variants import Asked, Refused, Variant, base_plan, plans_of
from sim.errors import InputError
from sim.plan.bounds import Text

Document = dict[str, Any]
T = TypeVar("T", bound=Asked)

ASSETS: Final = (
    "index.html",
    "style.css",
    "icon.svg",
    "app.js",
    "state.js",
    "fields.js",
    "figures.js",
    "ask.js",
)
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SESSION: Final = "/api/session"

Variants = Annotated[tuple[Variant, ...], Bounded(min_length=1, max_length=2, strict=False)]


Reach = Annotated[
    tuple[Annotated[float, Bounded(ge=-1e18, le=1e18)], ...], Bounded(max_length=2, strict=False)
]


class AskedSession(Asked):
    """The token of the address."""

    token: Annotated[str, Bounded(max_length=200)]


class AskedSettling(Asked):
    """Variants to settle.

    page, number     : who asks; its how manieth question.
    cost, difference : amounts that the axes of the two figures reach at least. [usd]
    """

    page: Annotated[str, Bounded(max_length=80)] = ""
    number: int = 0
    variants: Variants
    cost: Reach = ()
    difference: Reach = ()


class AskedVariants(Asked):
    """Variants to confirm."""

    variants: Variants


class AskedFile(Asked):
    """A variant to save under a name."""

    variant: Variant
    name: Text


class Server:
    """The answers to what the page asks. settling : on which worlds; confirming : runs on fresh ones."""

    def __init__(
        self, settling: Settling, confirming: Confirming, keys: Keys, start: str | None = None
    ) -> None:
        self._settling = settling
        self._confirming = confirming
        self._keys = keys
        self._start = start

    def app(self, port: int) -> Starlette:
        """The application, for requests to one port of this machine."""
        assets = {f"/{name}": _asset(name) for name in ASSETS}
        assets["/"] = assets.pop("/index.html")
        routes = [Route(path, _served(response)) for path, response in assets.items()]
        posts: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
            SESSION: self._session,
            "/api/fields": self._fields,
            "/api/settle": self._settle,
            "/api/save": self._save,
            "/api/confirm": self._confirm,
        }
        routes += [Route(path, _read(answered), methods=["POST"]) for path, answered in posts.items()]
        routes += [
            Route("/api/study", self._study),
            Route("/api/confirm", self._confirmed),
            Route("/api/confirm/stop", _read(self._stop), methods=["POST"]),
        ]
        guard = Middleware(Guard, keys=self._keys, port=port, open_paths=(*assets, SESSION))
        return Starlette(routes=routes, middleware=[guard])

    def warm(self) -> None:
        """Settle once what the page asks first, so that nothing is compiled or imported while somebody waits."""
        first = opening(self._settling, self._start)["start"]
        self._settled(AskedSettling(variants=(Variant(plan=first),)), perf_counter())

    async def _session(self, request: Request) -> Response:
        key = self._keys.session_for((await _body(request, AskedSession)).token)
        if key is None:
            sentence = (
                "This address has been opened already, and is good for one browser: go back to that window, or start "
                "csmsim app again."
            )
            return said(401, sentence)
        return JSONResponse({"session": key})

    async def _study(self, _request: Request) -> Response:
        return JSONResponse(opening(self._settling, self._start))

    async def _fields(self, request: Request) -> Response:
        variant = await _body(request, Variant)
        plans, refused = plans_of(self._settling.study, (variant,))
        plan = plans[0] if plans else base_plan(self._settling.study, variant.plan)
        idle = self._settling.worlds.unpaid(plan)
        groups = await run_in_threadpool(field_groups, plan, idle)
        told = [{"title": title, "fields": [_told(field) for field in fields]} for title, fields in groups]
        more = await run_in_threadpool(additions, plan)
        return JSONResponse(
            {"groups": told, "additions": [each._asdict() for each in more], "refused": _refusals(refused)}
        )

    async def _settle(self, request: Request) -> Response:
        asked = await _body(request, AskedSettling)
        started = perf_counter()
        return JSONResponse(await run_in_threadpool(self._settled, asked, started))

    def _settled(self, asked: AskedSettling, started: float) -> Document:
        found = self._settling.settle(asked.variants, asked.page, asked.number)
        state = {"number": asked.number, "variants": [each.model_dump() for each in asked.variants]}
        if found.refused:
            return {**state, "refused": _refusals(found.refused)}
        if found.summary is None:
            return {**state, "waiting": WAITING}
        told = {
            **state,
            "names": found.names,
            **answer(found.summary, found.names, asked.cost, asked.difference),
        }
        return {**told, "milliseconds": round(1000.0 * (perf_counter() - started), 1)}

    async def _save(self, request: Request) -> Response:
        asked = await _body(request, AskedFile)
        study = self._settling.study
        base = base_plan(study, asked.variant.plan)
        plan = base.altered(asked.variant.changes, asked.name)
        text = plan_text(study, asked.variant.plan, plan)
        return JSONResponse({"file": file_name(asked.name), "text": text})

    async def _confirm(self, request: Request) -> Response:
        asked = await _body(request, AskedVariants)
        found = await run_in_threadpool(self._settling.settle, asked.variants)
        if found.summary is None:
            return JSONResponse(
                {"refused": _refusals(found.refused), "waiting": None if found.refused else WAITING}
            )
        plans, _ = plans_of(self._settling.study, asked.variants)
        self._confirming.start(plans, found.summary)
        return await self._confirmed(request)

    async def _confirmed(self, _request: Request) -> Response:
        return JSONResponse(self._confirming.told())

    async def _stop(self, request: Request) -> Response:
        self._confirming.cancel()
        return await self._confirmed(request)


WAITING: Final = "New worlds are being simulated, which tell this plan apart."


async def _body(request: Request, kind: type[T]) -> T:
    """What a request says. Raises: ValidationError; ValueError where it is too long."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise ValueError(f"at most {MOST_BYTES:,} bytes")
        parts.append(part)
    return kind.model_validate_json(b"".join(parts))


def _read(
    answered: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """The answer to a request, or a sentence on what is wrong with it."""

    async def safely(request: Request) -> Response:
        try:
            return await answered(request)
        except SupersededError:
            return JSONResponse({"superseded": True})
        except InputError as error:
            refused = [Refused(0, "", str(problem)) for problem in error.problems]
            return JSONResponse({"refused": _refusals(refused)})
        except (ValidationError, ValueError, RecursionError):
            return said(400, "This request is not one of the page's.")

    return safely


def _told(field: Field) -> Document:
    return {**asdict(field), "scale": field.scale and field.scale._asdict()}


def _refusals(refused: Any) -> list[Document]:
    return [each._asdict() for each in refused]


def _asset(name: str) -> Response:
    content = (files("sim.app.page") / name).read_bytes()
    return Response(content, headers={"content-type": TYPES[PurePath(name).suffix]})


def _served(response: Response) -> Callable[[Request], Awaitable[Response]]:
    async def served(_request: Request) -> Response:
        return response

    return served
