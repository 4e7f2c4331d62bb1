"""Holds requests to AWS against AWS's published models of its services, which botocore has.

It reads a list of calls from standard input and writes a list of problems. A call has the name by which it is signed, its
method, path, query, target (X-Amz-Target) and body. A problem names the call, the operation, the place and the rule.
"""

import base64
import json
import re
import sys
from urllib.parse import parse_qsl, unquote

import botocore.session

# The services by the names in signatures, where these differ from botocore's.
NAMES = {"states": "stepfunctions", "ses": "sesv2"}

session = botocore.session.get_session()
loaded = {}


def service(name):
    if name not in loaded:
        loaded[name] = session.get_service_model(NAMES.get(name, name))
    return loaded[name]


def operation_of(model, call):
    """The operation of a call, and its input as far as it stands in the path and the query."""
    if model.metadata["protocol"] in ("json", "query", "smithy-rpc-v2-cbor") and call.get("target"):
        prefix, _, name = call["target"].partition(".")
        if prefix != model.metadata.get("targetPrefix") or name not in model.operation_names:
            return None, {}
        return model.operation_model(name), {}
    best = (None, {}, -1)
    path, query = call["path"], dict(parse_qsl(call.get("query", ""), keep_blank_values=True))
    for name in model.operation_names:
        op = model.operation_model(name)
        uri, _, fixed = op.http["requestUri"].partition("?")
        if op.http["method"] != call["method"]:
            continue
        wanted = dict(parse_qsl(fixed, keep_blank_values=True))
        if any(query.get(k) != v for k, v in wanted.items()):
            continue
        pattern = re.sub(r"\\{(\w+)(\\\+)?\\}", lambda m: f"(?P<{m[1]}>.+)" if m[2] else f"(?P<{m[1]}>[^/]+)", re.escape(uri))
        m = re.fullmatch(pattern + "/?", path)
        if m and len(uri) + 100 * len(wanted) > best[2]:
            best = (op, {k: unquote(v) for k, v in m.groupdict().items()}, len(uri) + 100 * len(wanted))
    return best[0], best[1]


def size(shape, value):
    return len(base64.b64decode(value)) if shape.type_name == "blob" else len(value)


def check(shape, value, where):
    """The problems of a value, each with its place."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield where, "is no structure"
            return
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        required = {shape.members[name].serialization.get("name", name) for name in shape.required_members}
        for name in required - set(value):
            yield f"{where}.{name}", "is required"
        for name in set(value) - set(names):
            yield f"{where}.{name}", "is not known"
        union = getattr(shape, "is_tagged_union", False) or shape.name == "AttributeValue"  # which DynamoDB's model does not mark
        if union and len(value) != 1:
            yield where, "has more than one member of a union, or none"
        for name in set(value) & set(names):
            if value[name] is None:
                yield f"{where}.{name}", "is null"
            else:
                yield from check(shape.members[names[name]], value[name], f"{where}.{name}")
        return
    if kind == "list":
        if not isinstance(value, list):
            yield where, "is no list"
            return
        yield from bounds(shape, len(value), where, "elements")
        for element in value:
            yield from check(shape.member, element, where + "[]")
        return
    if kind == "map":
        if not isinstance(value, dict):
            yield where, "is no map"
            return
        yield from bounds(shape, len(value), where, "entries")
        for key, element in value.items():
            yield from check(shape.key, key, where + "{}")
            yield from check(shape.value, element, where + "{}")
        return
    types = {"string": str, "character": str, "blob": str, "integer": int, "long": int, "float": (int, float),
             "double": (int, float), "boolean": bool, "timestamp": (int, float, str)}[kind]
    if not isinstance(value, types) or kind in ("integer", "long") and isinstance(value, bool):
        yield where, f"is no {kind}"
        return
    if kind in ("string", "blob"):
        yield from bounds(shape, size(shape, value), where, "characters")
        pattern = shape.metadata.get("pattern")
        # The models write Java's patterns. Where Python can't read one, nothing is said of it.
        try:
            matches = not pattern or re.fullmatch(pattern.replace("\\p{Graph}", "[!-~]"), value)
        except re.error:
            matches = True
        if not matches:
            yield where, f"is not of the pattern {pattern}"
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield where, "is none of the allowed values"
    elif kind != "boolean" and not isinstance(value, str):
        yield from bounds(shape, value, where, "")


def bounds(shape, n, where, what):
    if n < shape.metadata.get("min", n):
        yield where, f"has fewer {what} than {shape.metadata['min']}"
    if n > shape.metadata.get("max", n):
        yield where, f"has more {what} than {shape.metadata['max']}"


def problems_of(call):
    model = service(call["service"])
    op, given = operation_of(model, call)
    if op is None:
        yield "", "", "is no operation of the service"
        return
    shape = op.input_shape
    if shape is None:
        return
    body = base64.b64decode(call.get("body") or "")
    if shape.serialization.get("payload") or model.metadata["protocol"] == "rest-xml":
        # The body is a payload, or XML: what stands in the path is checked.
        for name, text in given.items():
            member = next(m for n, m in shape.members.items() if m.serialization.get("name", n) == name)
            for where, why in check(member, text, name):
                yield op.name, where, why
        return
    try:
        value = json.loads(body or "{}")
    except ValueError:
        yield op.name, "", "has a body that is no JSON"
        return
    located = {m.serialization.get("name", n) for n, m in shape.members.items() if m.serialization.get("location")}
    for where, why in check(shape, value | given, ""):
        if why == "is required" and where.lstrip(".") in located - set(given):
            continue  # it stands in a header or in the query
        yield op.name, where, why


calls = json.load(sys.stdin)
found = []
for n, call in enumerate(calls):
    for operation, where, why in problems_of(call):
        found.append({"call": n, "operation": operation, "where": where, "why": why})
json.dump(found, sys.stdout)
