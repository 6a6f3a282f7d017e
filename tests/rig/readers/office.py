"""Debian's LibreOffice, headless, for the tests that open a workbook or a deck as a reader would."""

import shutil
import subprocess

import pytest

SOFFICE = shutil.which("soffice")


def converted(path, kind, folder):
    """Convert ``path`` with LibreOffice; the files that come out."""
    if SOFFICE is None:
        pytest.skip(
            "LibreOffice is not installed: apt-get install libreoffice-calc-nogui libreoffice-impress-nogui"
        )
    profile = (folder / "profile").as_uri()
    out = folder / "converted"
    command = [SOFFICE, "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180)
    return sorted(out.iterdir())
