"""Reads the dated facts of configs/: strict YAML into a frozen model, or an error that names both
the file and the key."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from tapeline.contracts.errors import SettingsError


class FactsModel(BaseModel):
    """Base of all models of dated facts: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


Model = TypeVar("Model", bound=FactsModel)


class _UniqueKeyLoader(yaml.SafeLoader):
    """Plain YAML would let the second of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} appears twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Content of a YAML file, in which a repeated key is an error.

    Raises:
        SettingsError: when it is missing, unreadable or not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 (a SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise SettingsError(
            str(path), "(file)", f"cannot be read ({problem})", "check the path, or add the file"
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: something that looks like a date but is none, such as 2026-13-20.
        raise SettingsError(
            str(path), "(file)", f"is not valid YAML ({_one_line(error)})", "mend that line"
        ) from error


def read_document(path: Path, model: type[Model]) -> Model:
    """A YAML file as a checked model.

    Raises:
        SettingsError: naming the first key that is wrong.
    """
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        first, *others = error.errors()
        key = ".".join(str(part) for part in first["loc"]) or "(top)"
        more = f" (and {len(others)} more)" if others else ""
        remedy = (
            "check its spelling, or remove it" if first["type"] == "extra_forbidden" else "mend it"
        )
        raise SettingsError(str(path), key, f"{first['msg']}{more}", remedy) from error


def _one_line(error: yaml.YAMLError | ValueError) -> str:
    return " ".join(str(error).split())
