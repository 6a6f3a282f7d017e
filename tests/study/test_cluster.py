"""A Dask cluster of real processes gives the bits that threads give, also where one of them is killed at work."""

import os
import signal

import pytest

import sim
from sim.cli import command
from sim.errors import InputError
from sim.study.cluster import on_cluster
from tests.rig.inputs.small_study import write_study

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.jit, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def test_a_worker_is_killed_at_work(study, cluster):
    """SIGKILL to whoever has begun, once the first block has come."""
    with distributed.Client(cluster, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
        killed = []

        def kill(_done, _worlds):
            if not killed:
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])

        many = study.altered(worlds=2_048)
        found = sim.run(many, block=64, executor=client.get_executor(), progress=kill)
        assert killed
        assert killed[0] not in client.run(os.getpid).values()
    plain = sim.run(many, threads=1)
    assert found.to_json() == plain.to_json()
    assert (found.totals.variable == plain.totals.variable).all()


def test_the_command_line_takes_a_scheduler_or_makes_processes(tmp_path, cluster, capsys):
    path = write_study(tmp_path / "study")
    asked = ["run", str(path), "--worlds", "256", "--json", "--out"]
    outputs = []
    for number, more in enumerate(([], ["--cluster", cluster.scheduler_address], ["--cluster", "local:1"])):
        assert command([*asked, str(tmp_path / f"{number}"), *more]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] == outputs[2]


@pytest.mark.parametrize("address", ["local:0", "local:many", "nowhere", "tcp://127.0.0.1:1"])
def test_an_address_without_a_cluster(address, monkeypatch):
    monkeypatch.setattr("sim.study.cluster.WITHIN", "1s")
    with pytest.raises(InputError, match=r"--cluster.* must be tcp://HOST:PORT"), on_cluster(address):
        pass


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    monkeypatch.setattr("sim.study.cluster.__version__", "0.1")
    with (
        pytest.raises(InputError, match=f"csmsim 0.1, received {sim.__version__}"),
        on_cluster(cluster.scheduler_address),
    ):
        pass
