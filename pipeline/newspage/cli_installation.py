"""The commands `newspage doctor` and `newspage config`; `cli` mounts them."""

import json
import textwrap
from typing import Annotated

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
from newspage.setting_texts import explain_settings
from newspage.settings import get_value, list_known_keys
from newspage.terminal import print_line

_COMMENT = 96
"""Characters of a line of an explanation."""


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


def show_config(
    explain: Annotated[
        bool, typer.Option("--explain", help="Say above each setting what it means.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show every setting, its value, and where that comes from.

    What it prints can be saved as newspage.toml and changed there.
    """
    settings = gather_settings(config)
    texts = explain_settings() if explain else {}
    stage = ""
    for key in list_known_keys():
        if key[0] != stage:
            if stage and explain:
                print_line("")
            stage = key[0]
            _print_comment(texts[stage].purpose if explain else "")
            print_line(f"[{stage}]")
        _print_comment(texts[stage].keys[key[1]] if explain else "")
        origin = settings.origins.get(key, "default")
        print_line(f"{key[1]} = {format_toml_value(get_value(settings.config, key))}    # {origin}")
    for override in settings.overrides:
        print_line(f"[[override]]\nmatch = {format_toml_value(override.match)}")
        for (name, field), value in override.changes.items():
            print_line(f"{name}.{field} = {format_toml_value(value)}")


def _print_comment(text: str) -> None:
    """Print a text as a comment of TOML; nothing where it is empty."""
    for line in textwrap.wrap(text, _COMMENT):
        print_line(f"# {line}")


def format_toml_value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(format_toml_value, value))}]"
    if value is None:
        return '""'
    # A string of JSON is one of TOML, too.
    return str(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
