"""A small study on kept worlds, and a client that asks as the page does."""

import warnings
from types import SimpleNamespace

import pytest

import sim
from sim.engine.pool import Threads
from tests.rig.inputs.small_study import write_study

PORT = 8765
WORLDS = 128


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    return sim.load(write_study(tmp_path_factory.mktemp("app") / "small"))


@pytest.fixture(scope="session")
def asking(study):
    """The server of a study and a client with a session. Its worlds are simulated once for all tests."""
    pytest.importorskip("starlette", reason="the extra 'app' is not installed")
    pytest.importorskip("httpx", reason="httpx is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its client will be another one
        from starlette.testclient import TestClient
    from sim.app.confirming import Confirming
    from sim.app.guard import Keys
    from sim.app.server import Server
    from sim.app.settling import Settling

    worlds = sim.simulate(study, worlds=WORLDS, threads=2)
    settling, keys = Settling(study, worlds, 2), Keys()
    confirming = Confirming(study, Threads(2), worlds=192)
    app = Server(settling, confirming, keys, "capped").app(PORT)
    address = f"http://127.0.0.1:{PORT}"
    stranger = TestClient(app, base_url=address)
    token = keys.token
    session = stranger.post("/api/session", json={"token": token}).json()["session"]
    client = TestClient(app, base_url=address, headers={"authorization": f"Bearer {session}"})
    yield SimpleNamespace(client=client, stranger=stranger, settling=settling, token=token, session=session)
    settling.close()
    confirming.close()
