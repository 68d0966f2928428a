"""Makes readers of strips with the light recogniser in the place of an engine's own."""

from typing import Protocol, runtime_checkable

import numpy as np

from newspage.engine.models import Network, find_light_recogniser
from newspage.engine.protocol import Engine, LightReader
from newspage.errors import ConfigError


@runtime_checkable
class EngineOfNetworks(Protocol):
    """An engine that can read with another recogniser than its own."""

    def with_recogniser(self, network: Network) -> Engine:
        """Return an engine that reads with another recogniser."""
        ...


def make_light_reader(engine: Engine) -> LightReader:
    """Make a reader with the light recogniser, under the same engine.

    Raises:
        ConfigError: The engine cannot change its recogniser, or its own lacks characters that the
            light one knows.
        MissingDependencyError: The light recogniser is not installed.
    """
    network = find_light_recogniser()
    if not isinstance(engine, EngineOfNetworks):
        raise ConfigError("engine-has-no-light-network", engine=engine.name)
    light = engine.with_recogniser(network)
    # An adapter may have added a character that the network knows: the first class counts.
    known: dict[str, int] = {}
    for number, character in enumerate(engine.characters):
        known.setdefault(character, number)
    if not set(light.characters) <= known.keys():
        raise ConfigError("light-network-unfit", engine=engine.name, network=network.name)
    numbers = np.array([known[character] for character in light.characters], np.int32)
    return LightReader(light, network.name, numbers)
