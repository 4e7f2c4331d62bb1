"""Translates template.yaml, given as the first argument, by SAM's own translator, and writes the result as JSON.

The code and the definitions are replaced by places in S3, as `sam package` does, since the translator takes no others.
"""

import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

with open(sys.argv[1], encoding="utf-8") as f:
    template = yaml_parse(f)

template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code"
for resource in template["Resources"].values():
    if "DefinitionUri" in resource.get("Properties", {}):
        resource["Properties"]["DefinitionUri"] = "s3://bucket/definition"


class NoManagedPolicies:
    """AWS's managed policies are named by their ARNs where the template has any, so no list of them is needed."""

    def load(self):
        return {}


json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, default=str)
