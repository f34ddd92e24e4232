"""Settings in layers, the higher over the lower: what the program gives, the environment, factcheck.toml, defaults.

Apart from its callers because pydantic-settings takes a tenth of a second to load, which only runs with a setting in
the environment pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from factcheck.notation import json_value
from factcheck.settings.model import Settings, section
from factcheck.settings.variables import Key

_BETWEEN, _EMPTY = "__", "[]"


def layered(root: Path, values: Mapping[Key, str], table: dict[str, Any]) -> Settings:
    """The settings of the desk in `root`: `values` of the environment over the `table` of factcheck.toml.

    Raises pydantic's ValidationError.
    """
    flat = {_BETWEEN.join(key): _EMPTY if _is_empty_list(key, value) else value for key, value in values.items()}

    class Layers(BaseSettings, Settings):
        model_config = SettingsConfigDict(case_sensitive=True, env_nested_delimiter=_BETWEEN)

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - overrides
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, _Variables(settings_cls, flat), InitSettingsSource(settings_cls, table)

    return Settings.model_validate(dict(Layers(root=root)))


def _is_empty_list(key: Key, value: str) -> bool:
    """Such a value would stay an empty text."""
    return not value.strip() and section(key[:-1]).model_fields[key[-1]].annotation == list[str]


class _Variables(EnvSettingsSource):
    """The variables that we were given, not those of the process."""

    def __init__(self, settings_cls: type[BaseSettings], flat: Mapping[str, str]) -> None:
        self._flat = flat
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._flat

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:  # noqa: ARG002 - overrides
        """A list as the environment has it: JSON, or texts between commas."""
        if value.lstrip().startswith("["):
            try:
                return json_value(value)
            except ValueError:
                pass  # a name may begin with a bracket
        return value.split(",")
