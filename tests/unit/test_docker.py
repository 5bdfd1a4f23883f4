"""The image and the composed services, checked by parsing: everything that they name exists."""

import configparser
import json
import runpy
import shlex
from collections.abc import Sequence
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import click
import pytest
from compose_spec import PyCompose

from api.cli import COMMANDS, main
from enforcement.databases import is_sqlite
from enforcement.settings import Settings
from tests.unit.dockerfiles import DOCKER, ROOT, Instruction, compose, dockerfile, environment, ours

SERVICES = compose()["services"]


def instructions(name: str, stage: str = "") -> list[Instruction]:
    return [found for found in dockerfile() if found.name == name and stage in ("", found.stage)]


def final() -> str:
    """The stage that becomes the image."""
    return dockerfile()[-1].stage


def depends(service: str) -> dict[str, str]:
    """What a service waits for, and until when."""
    return {name: how["condition"] for name, how in SERVICES[service].get("depends_on", {}).items()}


# -- compose ---------------------------------------------------------------------------------------------------


def test_compose_file_is_one_by_the_specification() -> None:
    model = PyCompose.from_json(json.dumps(compose()))
    assert sorted(model.service_names()) == sorted(SERVICES)


def test_every_process_of_the_program_is_there() -> None:
    assert {*ours()} == {"tables", "api", "relay", "projections"}
    assert ours()["projections"]["deploy"]["replicas"] == 2
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["kafka"]["image"].startswith("apache/kafka:4.")


@pytest.mark.parametrize("name", ours())
def test_every_variable_is_a_setting_with_a_fitting_value(name: str) -> None:
    given = {k: v for k, v in environment(ours()[name]).items() if k.startswith("STEELYARD_")}
    settings = Settings.from_env(given)
    assert settings.host == "0.0.0.0"
    assert settings.kafka == "kafka:9092"
    assert not is_sqlite(settings.database_url)
    assert settings.read_database_url == settings.database_url


@pytest.mark.parametrize("name", [name for name, service in ours().items() if "command" in service])
def test_every_command_exists_with_its_options(name: str) -> None:
    program, *words = ours()[name]["command"]
    assert program == "steelyard"
    assert words[0] in COMMANDS
    if words[0] in main.list_commands(click.Context(main)):
        resolve(main, words)


def resolve(command: click.Command, words: Sequence[str]) -> None:
    """Fails where a command is not known; raises where an option is not."""
    if isinstance(command, click.Group):
        inner = command.get_command(click.Context(command), words[0])
        assert inner is not None, words
        resolve(inner, words[1:])
    else:
        command.make_context(command.name, list(words))


def test_starting_order_is_held_by_health() -> None:
    order = list(TopologicalSorter({name: depends(name) for name in SERVICES}).static_order())
    assert (
        order.index("postgres")
        < order.index("tables")
        < min(map(order.index, ("api", "relay", "projections")))
    )
    for name in ours():
        for other, condition in depends(name).items():
            finishes = SERVICES[other].get("restart") == "no"
            assert condition == ("service_completed_successfully" if finishes else "service_healthy")
            assert finishes or "healthcheck" in SERVICES[other]


@pytest.mark.parametrize("name", SERVICES)
def test_what_must_stay_is_in_named_volumes(name: str) -> None:
    for mount in SERVICES[name].get("volumes", []):
        source, target = mount.split(":")[:2]
        if source.startswith("."):
            assert (DOCKER / source).exists(), mount
        else:
            assert source in compose()["volumes"], mount
        assert target.startswith("/")
    stateful = {
        "postgres": "/var/lib/postgresql",
        "kafka": SERVICES["kafka"]["environment"]["KAFKA_LOG_DIRS"],
    }
    if name in stateful:
        assert [m for m in SERVICES[name]["volumes"] if m.split(":")[1] == stateful[name]]


def test_no_door_is_open_to_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_address_of_the_database_is_that_of_its_service() -> None:
    given = SERVICES["postgres"]["environment"]
    expected = f"{given['POSTGRES_USER']}:{given['POSTGRES_PASSWORD']}@postgres:5432/{given['POSTGRES_DB']}"
    assert {s["environment"]["STEELYARD_DATABASE_URL"].partition("//")[2] for s in ours().values()} == {
        expected
    }


def test_broker_keeps_what_it_is_told_and_makes_no_topic_unasked() -> None:
    given = {name: str(value) for name, value in SERVICES["kafka"]["environment"].items()}
    listeners = {entry.partition(":")[0] for entry in given["KAFKA_LISTENERS"].split(",")}
    secured = {entry.partition(":")[0] for entry in given["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")}
    assert given["KAFKA_PROCESS_ROLES"] == "broker,controller"
    assert listeners == secured
    assert given["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert "INSIDE://kafka:9092" in given["KAFKA_ADVERTISED_LISTENERS"].split(",")


# -- image -----------------------------------------------------------------------------------------------------


def test_image_is_built_in_stages_from_small_ones() -> None:
    stages = instructions("FROM")
    assert len(stages) == 2
    assert all(found.value.split()[0].endswith("-slim") for found in stages)


def test_everything_that_is_copied_exists() -> None:
    names = {found.stage for found in instructions("FROM")}
    for found in instructions("COPY"):
        options = [word for word in found.value.split() if word.startswith("--")]
        *sources, _ = [word for word in found.value.split() if not word.startswith("--")]
        if options:
            assert options[0].removeprefix("--from=") in names
        else:
            assert [source for source in sources if not (ROOT / source).exists()] == []


def test_nothing_that_is_copied_is_kept_from_the_engine() -> None:
    lines = [
        line for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] != "#"
    ]
    assert lines[0] == "*"
    wanted = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        source
        for found in instructions("COPY")
        if not found.value.startswith("--")
        for source in found.value.split()[:-1]
    }
    assert copied == wanted
    assert not [name for name in wanted if fnmatch(".git", name) or name in ("var", "tests", ".venv")]


def test_extras_that_are_installed_exist() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    (install,) = [found.value for found in instructions("RUN") if "pip install" in found.value]
    extras = install.partition(".[")[2].partition("]")[0].split(",")
    assert {"postgres", "kafka", "gunicorn"} <= {*extras} <= {*config["options.extras_require"]}


def test_image_runs_as_nobody_special_and_tells_its_health() -> None:
    (user,) = instructions("USER", final())
    assert int(user.value.partition(":")[0]) >= 10000
    (health,) = instructions("HEALTHCHECK", final())
    assert json.loads(health.value.partition("CMD ")[2]) == ["python", "-m", "api.probe"]


def test_default_process_is_the_api_under_gunicorn() -> None:
    program, *options = json.loads(instructions("CMD", final())[0].value)
    assert (program, options[-1]) == ("gunicorn", "api.wsgi:application()")
    config = runpy.run_path(str(DOCKER / Path(options[1]).name))
    assert config["bind"].endswith(f":{Settings.from_env({}).port}")
    assert instructions("EXPOSE", final())[0].value == str(Settings.from_env({}).port)


def test_commands_of_the_file_are_whole() -> None:
    for found in instructions("RUN"):
        assert shlex.split(found.value)


@pytest.mark.parametrize("line", ["COPY", "RUNS pip", "from python"])
def test_a_line_that_is_no_instruction_is_seen(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM python\n{line}\n")
    monkeypatch.setattr("tests.unit.dockerfiles.DOCKER", tmp_path)
    with pytest.raises(ValueError, match="is no instruction"):
        dockerfile()
