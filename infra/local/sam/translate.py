"""Translates a SAM template by SAM's own translator, which is AWS's, and writes the result as JSON.

It reads {"template": text, "parameters": {name: value}, "now": seconds} from standard input. It answers with the
translated template, and with the naming properties of each type of resource in it: the properties that AWS's schema of
the type lists as identifiers or as names that can't be changed, and that AWS does not set itself.
"""

import json
import sys
import time

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """An empty list of AWS's managed policies: a template names them by their ARNs, so the translator needs no list."""

    def load(self):
        return {}


def packaged(template):
    """Puts places in S3 where the template has paths, as `sam package` does, since the translator takes no paths."""
    template.get("Globals", {}).get("Function", {})["CodeUri"] = "s3://bucket/code"
    for resource in template["Resources"].values():
        if "DefinitionUri" in resource.get("Properties", {}):
            resource["Properties"]["DefinitionUri"] = "s3://bucket/definition"
    return template


def naming(kind):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    identifiers = schema.get("primaryIdentifier", []) + [p for ps in schema.get("additionalIdentifiers", []) for p in ps]
    names = [p for p in schema.get("createOnlyProperties", []) if p.endswith("Name")]
    ours = set(identifiers + names) - set(schema.get("readOnlyProperties", []))
    return sorted(p.removeprefix("/properties/") for p in ours)


asked = json.load(sys.stdin)
time.time = lambda: asked["now"]  # the translator makes the names of deployments from the time
translated = transform(packaged(yaml_parse(asked["template"])), asked["parameters"], NoManagedPolicies())
kinds = {r["Type"] for r in translated["Resources"].values()}
json.dump({"Template": translated, "Naming": {kind: naming(kind) for kind in kinds}}, sys.stdout, default=str)
