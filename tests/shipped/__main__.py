"""Whether the results of the shipped studies are still those written down: `python -m tests.shipped`, or `--write`.

A change of the house must not change a figure. Each study is run with few worlds, and the digest of its summary (keys in
order) is compared with `summaries.json` beside this file. A change of results is announced in CHANGELOG and written anew.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import sim
from tests.rig.repository import CONFIGS

WORLDS = 64
STUDIES = CONFIGS / "studies"
KEPT = Path(__file__).with_name("summaries.json")
STRESSED = ("stress", "quickstart")
"""Studies that are also put under stress."""


def digest(document):
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(name):
    """Of one job: a study's name, or a study's name and `stress`."""
    study, _, job = name.partition(" ")
    loaded = sim.load(STUDIES / f"{study}.toml")
    if job == "stress":
        found = sim.stress(loaded, worlds=WORLDS)
        document = json.loads(found.to_json())
        document.pop("seconds", None)
    else:
        document = json.loads(sim.run(loaded, worlds=WORLDS).to_json())
    document["study"].pop("hash", None)
    document["study"].pop("version", None)
    return digest(document)


def jobs():
    names = sorted(path.stem for path in STUDIES.glob("*.toml"))
    return [*names, *(f"{name} stress" for name in STRESSED)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the digests down instead of comparing")
    parser.add_argument("only", nargs="*", help="jobs; all by default")
    asked = parser.parse_args()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    changed = []
    for name in asked.only or jobs():
        found = digest_of(name)
        if asked.write:
            kept[name] = found
        elif kept.get(name) != found:
            changed.append(name)
        print(f"{'same' if kept.get(name) == found else 'CHANGED'}  {name}", flush=True)
    if asked.write:
        KEPT.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    sys.exit(1 if changed else 0)


if __name__ == "__main__":
    main()
