"""The image: its recipe, the services beside it, and the script that fills it."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from newspage.cli import app

NEWSPAGE = ("enqueue", "worker", "review")


@pytest.fixture(scope="module")
def compose(repository: Path) -> dict[str, Any]:
    """The services."""
    found: dict[str, Any] = yaml.safe_load((repository / "compose.yaml").read_text("utf-8"))
    return found


def instructions(repository: Path) -> list[tuple[str, str]]:
    """The instructions of the recipe, each with its arguments."""
    text = (repository / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_recipe_has_no_known_faults(repository: Path) -> None:
    """As hadolint sees it."""
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [str(hadolint), "Dockerfile"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_does_what_the_script_does(repository: Path) -> None:
    """It runs the script, keeps nothing else of the build, and is nobody's root."""
    said = instructions(repository)
    runs = [rest for word, rest in said if word == "RUN"]
    assert runs[0] == "scripts/build_image_root.sh /source /opt/newspage"
    copied = [rest for word, rest in said if word == "COPY"]
    assert copied[-1] == "--from=build /opt/newspage /opt/newspage"
    users = [rest for word, rest in said if word == "USER"]
    assert users == ["10001"]
    assert said[-2][1] == '["newspage"]'


def test_the_script_is_a_script(repository: Path) -> None:
    """A shell understands it, and may run it."""
    script = repository / "scripts" / "build_image_root.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("name", NEWSPAGE)
def test_services_can_write_their_data_alone(compose: dict[str, Any], name: str) -> None:
    """Their root is read-only, they have no rights of root, and hold on to the database."""
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [v.rpartition(":")[2] for v in service["volumes"]] == ["/data"]
    assert "database" in service["depends_on"]


def test_nothing_listens_to_the_world(compose: dict[str, Any]) -> None:
    """Ports are those of this machine; the worker and the database reach no other network."""
    services = compose["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert compose["networks"]["inside"]["internal"] is True
    assert services["worker"]["networks"] == services["database"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", NEWSPAGE)
def test_services_call_commands_that_exist(compose: dict[str, Any], name: str) -> None:
    """With options that these have."""
    command, *arguments = compose["services"][name]["command"]
    group: Any = typer.main.get_command(app)
    parsed = group.commands[command].make_context(command, list(arguments))
    assert parsed.params["output"] == Path("output")


def test_a_worker_stays_and_may_finish_its_page(compose: dict[str, Any]) -> None:
    """It waits for what is found later, and is killed only after its own time to stop."""
    worker = compose["services"]["worker"]
    group: Any = typer.main.get_command(app)
    parsed = group.commands["worker"].make_context("worker", worker["command"][1:])
    assert parsed.params["wait"] is True
    assert worker["restart"] == "unless-stopped"
    assert int(worker["stop_grace_period"].removesuffix("s")) > parsed.params["grace"]
    assert compose["services"]["enqueue"]["profiles"] == ["enqueue"]


@pytest.mark.slow
def test_what_the_script_installs_runs(repository: Path, tmp_path: Path) -> None:
    """By its own interpreter, far from the source; needs the package index."""
    if shutil.which("pip") is None:
        pytest.skip("there is no pip")
    root = tmp_path / "root"
    script = repository / "scripts" / "build_image_root.sh"
    environment = {"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    built = subprocess.run(
        [str(script), str(repository), str(root)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Could not find a version" in built.stderr or "Connection" in built.stderr:
        pytest.skip("the package index is not there")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("newspage ")
