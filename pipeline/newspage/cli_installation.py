"""The commands `newspage doctor` and `newspage config`; `cli` mounts them."""

import typer

from newspage.cli_options import (
    AdapterOption,
    ConfigOption,
    DeviceOption,
    EngineOption,
    Guard,
    LayoutModelDirOption,
    ModelDirOption,
    ModelOption,
    QualityOption,
    VerboseOption,
    gather_settings,
)
from newspage.errors import ExitCode
from newspage.settings import get_value, list_known_keys
from newspage.terminal import print_line


def mount_installation_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(doctor))
    app.command("config")(guard(show_config))


def doctor(
    engine: EngineOption = None,
    device: DeviceOption = None,
    model: ModelOption = None,
    model_dir: ModelDirOption = None,
    layout_model_dir: LayoutModelDirOption = None,
    adapter: AdapterOption = None,
    quality: QualityOption = None,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Say what is installed, what is missing, and what to do about it.

    Exit code 4 says that pages cannot be read.
    """
    settings = gather_settings(
        config,
        None,
        engine,
        device,
        model,
        model_dir,
        layout_model_dir,
        adapter=adapter,
        quality=quality,
    )
    from newspage.doctor import Verdict, examine_installation

    marks = {Verdict.GOOD: "ok  ", Verdict.NOTE: "note", Verdict.BAD: "BAD "}
    worst = Verdict.GOOD
    for finding in examine_installation(settings.config):
        worst = max(worst, finding.verdict)
        print_line(f"{marks[finding.verdict]} {finding.subject}: {finding.text}")
        if finding.remedy:
            print_line(f"     -> {finding.remedy}")
    if worst is Verdict.BAD:
        raise typer.Exit(ExitCode.DEPENDENCY)


def show_config(config: ConfigOption = None, verbose: VerboseOption = False) -> None:
    """Show every setting, its value, and where that comes from."""
    settings = gather_settings(config)
    stage = ""
    for key in list_known_keys():
        if key[0] != stage:
            stage = key[0]
            print_line(f"[{stage}]")
        origin = settings.origins.get(key, "default")
        print_line(f"{key[1]} = {_toml(get_value(settings.config, key))}    # {origin}")
    for override in settings.overrides:
        print_line(f"[[override]]\nmatch = {_toml(override.match)}")
        for (name, field), value in override.changes.items():
            print_line(f"{name}.{field} = {_toml(value)}")


def _toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if value is None:
        return '""'
    return str(value) if isinstance(value, int | float) else f'"{value}"'
