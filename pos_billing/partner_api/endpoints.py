"""The environment of an Instance is told by the name of its endpoint, as in ``staging-oregon``."""

from collections.abc import Mapping

ENVIRONMENTS = ("production", "staging", "dev", "qa")


def environment_of(endpoint_name: str, named: Mapping[str, str]) -> str | None:
    """The environment of Instances on that endpoint; ``None`` when the name does not tell it: nobody guesses then.

    ``named`` is the host's own table from endpoint name to environment; it wins.

    >>> environment_of("production-sydney", {}), environment_of("staging-oregon", {}), environment_of("sydney", {})
    ('production', 'staging', None)
    >>> environment_of("sydney", {"sydney": "production"})
    'production'
    """
    if endpoint_name in named:
        return named[endpoint_name]
    beginning = endpoint_name.lower().replace("_", "-").split("-")[0]
    return beginning if beginning in ENVIRONMENTS else None
