"""
What does the system receive and send, for tools that read AsyncAPI?

An AsyncAPI 3.0 document made from the topic registry: a channel a topic, an
operation a channel from the system's point of view, a message a kind, whose
payload is the kind's JSON Schema beside the document. Specification:
https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Iterable
from typing import Any

from schemas.json_schema import schema_file
from schemas.topics import ACKNOWLEDGEMENTS, ICSR, Kind, Topic

KAFKA_BINDING = "0.5.0"
JSON_SCHEMA_FORMAT = "application/schema+json;version=2020-12"
STRUCTURED = "application/cloudevents+json"
XML_MESSAGES = {ICSR.name: "icsr-batch", ACKNOWLEDGEMENTS.name: "icsr-acknowledgement"}

Json = dict[str, Any]

_HEADERS: Json = {
    "type": "object",
    "description": (
        "Structured binding: `content-type` alone. Binary binding: the context attributes, each"
        " as a header, and the value is the data."
    ),
    "properties": {
        "content-type": {"type": "string", "examples": [f"{STRUCTURED}; charset=UTF-8"]},
        **{
            f"ce_{name}": {"type": "string"}
            for name in ("specversion", "id", "source", "type", "subject", "time", "dataschema")
        },
    },
}
_KEY: Json = {
    "type": "string",
    "description": "Equal to the event's subject: one case or subject stays in one partition.",
}


def build_asyncapi(topics: Iterable[Topic], version: str) -> Json:
    """
    Build the document.

    Args:
        topics: The registry, in its order.

        version: Version of the document, which is that of the contracts.
    """
    topics = tuple(topics)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:sorafenib-safety",
        "info": {
            "title": "Sorafenib safety events",
            "version": version,
            "description": "Adverse events in; case decisions, alerts and dead letters out.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": STRUCTURED,
        "channels": {topic.name: _channel(topic) for topic in topics},
        "operations": {_operation_id(topic): _operation(topic) for topic in topics},
        "components": {
            "messages": {
                name: message for topic in topics for name, message in _messages(topic).items()
            }
        },
    }


def _channel(topic: Topic) -> Json:
    return {
        "address": topic.name,
        "description": topic.says,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "x-version": topic.version,
        "x-compatibility": topic.compatibility,
        "x-producers": list(topic.producers),
        "x-consumers": list(topic.consumers),
    }


def _operation_id(topic: Topic) -> str:
    return f"{_action(topic)}-{topic.name}"


def _action(topic: Topic) -> str:
    return "receive" if topic.direction == "in" else "send"


def _operation(topic: Topic) -> Json:
    return {
        "action": _action(topic),
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": topic.says,
        "messages": [
            {"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in _messages(topic)
        ],
    }


def _messages(topic: Topic) -> dict[str, Json]:
    if topic.media_type == "application/xml":
        return {XML_MESSAGES[topic.name]: _xml_message(topic)}
    return {kind.type: _json_message(kind) for kind in topic.kinds}


def _json_message(kind: Kind) -> Json:
    return {
        "name": kind.type,
        "summary": kind.says,
        "contentType": STRUCTURED,
        "headers": _HEADERS,
        "payload": {
            "schemaFormat": JSON_SCHEMA_FORMAT,
            "schema": {"$ref": f"./{schema_file(kind)}"},
        },
        "bindings": {"kafka": {"key": _KEY, "bindingVersion": KAFKA_BINDING}},
    }


def _xml_message(topic: Topic) -> Json:
    return {
        "name": XML_MESSAGES[topic.name],
        "summary": topic.says,
        "contentType": topic.media_type,
        "payload": {"type": "string", "description": topic.compatibility},
    }
