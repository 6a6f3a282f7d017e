"""Who may ask: this machine, with the key of a session, and no other site."""

import re

import pytest

from sim.app.guard import POLICY, Keys
from sim.app.server import ASSETS

pytestmark = pytest.mark.jit

SETTLE = {"variants": [{"plan": "capped", "changes": {}}]}


def test_the_page_itself_holds_nothing_of_the_study_and_reaches_for_nothing(asking):
    for name in ("", *(each for each in ASSETS if each != "index.html")):
        answer = asking.stranger.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"https?://(?!www\.w3\.org/)|innerHTML|eval\(|document\.write", answer.text)
        assert not re.search(r"<(script|style)>|\son[a-z]+=|\sstyle=", answer.text)
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/study"), ("GET", "/api/confirm"), ("POST", "/api/settle"), ("POST", "/api/fields"),
     ("POST", "/api/save"), ("POST", "/api/confirm"), ("POST", "/api/confirm/stop"), ("GET", "/plan.toml")],
)  # fmt: skip
def test_nothing_is_told_without_a_session(asking, method, path):
    for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {asking.session}"}):
        answer = asking.stranger.request(
            method, path, headers=header, json=SETTLE if method == "POST" else None
        )
        assert answer.status_code == 401
        assert "Open the address" in answer.json()["sentence"]


@pytest.mark.parametrize("host", ["evil.example:8765", "127.0.0.1:80", "127.0.0.1", "[::1]:8765", ""])
def test_a_name_that_was_bound_to_this_machine_is_refused(asking, host):
    for path in ("/", "/api/study"):
        answer = asking.client.get(path, headers={"host": host})
        assert answer.status_code == 421
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_and_other_ports_of_this_machine_may_not_ask(asking, headers):
    assert asking.client.post("/api/settle", json=SETTLE, headers=headers).status_code == 403
    own = {"origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"}
    assert asking.client.post("/api/settle", json=SETTLE, headers=own).status_code == 200


def test_forms_and_long_requests_are_refused(asking):
    form = asking.client.post("/api/settle", data={"variants": "x"})
    assert form.status_code == 415
    long = {"variants": [{"plan": "x" * 300_000, "changes": {}}]}
    assert asking.client.post("/api/settle", json=long).status_code == 413

    def parts():
        for _ in range(40):
            yield b"[" * 10_000

    streamed = asking.client.post(
        "/api/settle", content=parts(), headers={"content-type": "application/json"}
    )
    assert streamed.status_code == 400


def test_a_token_is_good_for_one_session():
    keys = Keys()
    token = keys.token
    assert keys.session_for("wrong") is None
    session = keys.session_for(token)
    assert keys.opens(f"Bearer {session}")
    assert keys.session_for(token) is None
    assert keys.session_for("") is None
    assert not keys.opens(f"Bearer {token}")
    assert not keys.opens("Bearer ")
    assert not keys.opens("Bearer é")


def test_a_used_address_says_what_to_do(asking):
    answer = asking.stranger.post("/api/session", json={"token": asking.token})
    assert answer.status_code == 401
    assert "start csmsim app again" in answer.json()["sentence"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"variants": []}', '{"variants": [1]}', '{"variants": [{"plan": 1}]}', "{" * 5000,
     '{"variants": [{"plan": "capped", "changes": {"pay.target_bonus": NaN}}]}',
     '{"variants": [{"plan": "capped", "changes": {"pay.target_bonus": [1]}}]}',
     '{"variants": [{"plan": "capped", "changes": {}, "more": 1}]}'],
)  # fmt: skip
def test_what_the_page_never_asks_is_refused_in_a_sentence(asking, body):
    answer = asking.client.post("/api/settle", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {"sentence": "This request is not one of the page's."}
