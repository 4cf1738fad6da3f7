"""Started as the README says, it serves the ``hf`` command."""

import re
import subprocess
import sys
from pathlib import Path

from hub_server.client import RunningHub

TESTS = Path(__file__).parents[1]


def test_the_command_of_the_hub_uploads_and_downloads(tmp_path: Path) -> None:
    folder = tmp_path / "dist" / "harbour"
    (folder / "default").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# 火 harbour\n", encoding="utf-8")
    (folder / "default" / "train.parquet").write_bytes(bytes(range(256)) * 300)
    command = [sys.executable, "-m", "hub_server", "--root", str(tmp_path / "hub")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS) as server:
        try:
            assert server.stdout
            printed = server.stdout.readline() + server.stdout.readline()
            found = re.fullmatch(r"export HF_ENDPOINT=(\S+)\nexport HF_TOKEN=(hf_\w+)  # alice, may write\n", printed)
            assert found, printed
            hub = RunningHub(found[1], {"alice:write": found[2]}, tmp_path / "hub", server)
            hf = Path(sys.executable).with_name("hf")
            for arguments in (
                ["upload", "alice/harbour", folder, "--private"],
                ["download", "alice/harbour", "--local-dir", tmp_path / "got"],
            ):
                ran = subprocess.run(
                    [hf, *map(str, arguments), "--repo-type", "dataset"],
                    env=hub.environment(tmp_path / "home"),
                    capture_output=True,
                    check=False,
                    text=True,
                    timeout=120,
                )
                assert ran.returncode == 0, ran.stderr
        finally:
            server.kill()
    for name in ("README.md", "default/train.parquet"):
        assert (tmp_path / "got" / name).read_bytes() == (folder / name).read_bytes()
