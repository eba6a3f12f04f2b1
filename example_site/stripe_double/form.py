"""Form-encoded bodies with brackets (`lines[0][amount]=5`), made into values of the types that the schema names."""

import re
from typing import Any
from urllib.parse import parse_qsl

from example_site.stripe_double.errors import StripeError, refused

BRACKETS = re.compile(r"\[([^\]]*)\]")
INTEGER = re.compile(r"^-?\d+$")


def decode(text: str) -> dict[str, Any]:
    """Decode a query string or form body into nested dictionaries and lists of strings."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, bracket, _ = name.partition("[")
        keys = [head, *BRACKETS.findall(name[len(head) :])] if bracket else [head]
        _place(root, keys, value)
    return {key: _listed(value) for key, value in root.items()}


def _place(target: dict[str, Any], keys: list[str], value: str) -> None:
    for position, key in enumerate(keys):
        if key == "":
            key = str(len(target))
        if position == len(keys) - 1:
            target[key] = value
            return
        child = target.get(key)
        if not isinstance(child, dict):
            child = target[key] = {}
        target = child


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(item) for key, item in value.items()}


def typed(parameters: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Give every parameter the type that the schema names; unknown, missing or malformed ones raise Stripe's errors."""
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in parameters:
            raise refused(f"Missing required param: {name}.", param=name, code="parameter_missing")
    result = {}
    for name, value in parameters.items():
        if name not in properties:
            raise refused(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
        result[name] = _typed(value, properties[name], name)
    return result


def _typed(value: Any, schema: dict[str, Any], path: str) -> Any:
    if "anyOf" in schema:
        return _typed_any(value, schema["anyOf"], path)
    kind = schema.get("type")
    if kind == "integer":
        if isinstance(value, str) and INTEGER.match(value):
            return int(value)
        raise refused(f"Invalid integer: {_shown(value)}", param=path, code="parameter_invalid_integer")
    if kind == "number":
        try:
            return float(value)
        except (TypeError, ValueError):
            raise refused(f"Invalid decimal: {_shown(value)}", param=path) from None
    if kind == "boolean":
        if value in ("true", "false"):
            return value == "true"
        raise refused(f"Invalid boolean: {_shown(value)}", param=path)
    if kind == "array":
        return _typed_list(value, schema, path)
    if kind == "object":
        return _typed_object(value, schema, path)
    return _typed_string(value, schema, path)


def _typed_any(value: Any, choices: list[dict[str, Any]], path: str) -> Any:
    wanted = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else None
    fitting = [choice for choice in choices if wanted is None or choice.get("type") == wanted]
    if wanted is None:
        fitting = [choice for choice in choices if choice.get("type") not in ("object", "array")] or choices
    failure = None
    for choice in fitting or choices:
        try:
            return _typed(value, choice, path)
        except StripeError as error:
            failure = failure or error
    raise failure or refused("Invalid value", param=path)


def _typed_list(value: Any, schema: dict[str, Any], path: str) -> list[Any]:
    if not isinstance(value, list):
        raise refused("Invalid array", param=path)
    return [_typed(item, schema.get("items", {}), f"{path}[{position}]") for position, item in enumerate(value)]


def _typed_object(value: Any, schema: dict[str, Any], path: str) -> dict[str, Any]:
    if isinstance(value, list):  # keys that are all digits, such as metadata[2019]
        value = {str(position): item for position, item in enumerate(value)}
    if not isinstance(value, dict):
        raise refused("Invalid object", param=path)
    properties = schema.get("properties", {})
    free = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            missing = f"{path}[{name}]"
            raise refused(f"Missing required param: {missing}.", param=missing, code="parameter_missing")
    result = {}
    for name, item in value.items():
        inner = f"{path}[{name}]"
        if name in properties:
            result[name] = _typed(item, properties[name], inner)
        elif isinstance(free, dict):
            result[name] = _typed(item, free, inner)
        elif free:
            result[name] = item
        else:
            raise refused(f"Received unknown parameter: {inner}", param=inner, code="parameter_unknown")
    return result


def _typed_string(value: Any, schema: dict[str, Any], path: str) -> str:
    if not isinstance(value, str):
        raise refused("Invalid string", param=path)
    choices = schema.get("enum")
    if choices and value not in choices:
        named = [choice for choice in choices if choice]
        listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}" if named else "empty"
        raise refused(f"Invalid {path}: must be one of {listed}", param=path)
    longest = schema.get("maxLength")
    if longest is not None and len(value) > longest:
        raise refused(f"Invalid string: {path} must be at most {longest} characters", param=path)
    return value


def _shown(value: Any) -> str:
    return value[:100] if isinstance(value, str) else type(value).__name__
