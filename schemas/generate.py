"""
Which committed files follow from the contracts, and are they current?

    python -m schemas.generate           write them
    python -m schemas.generate --check   name those that are stale, missing or left over

Written are the JSON Schema of each kind of message, the AsyncAPI document and
the reference page of the topics.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.asyncapi import build_asyncapi
from schemas.json_schema import build_schema, load_examples, schema_file
from schemas.reference import render_topics
from schemas.topics import TOPICS

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = Path("schemas/generated")  # holds generated files only
PAGE = Path("docs/reference/generated/topics.md")  # stands among pages of other generators


def main(arguments: Sequence[str], project: Path = PROJECT) -> int:
    """Write the files, or with `--check` compare them; give the exit status."""
    files = render_files()
    if list(arguments) == ["--check"]:
        faults = find_faults(files, project)
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        if faults:
            sys.stderr.write("run: python -m schemas.generate\n")
        return 1 if faults else 0
    if arguments:
        sys.stderr.write("usage: python -m schemas.generate [--check]\n")
        return 2
    save_files(files, project)
    return 0


def render_files() -> dict[Path, str]:
    """Give the text of every generated file, by its path in the project."""
    examples = load_examples()
    files = {
        FOLDER / schema_file(kind): _json(build_schema(kind, examples))
        for topic in TOPICS
        for kind in topic.kinds
    }
    version = f"{max(topic.version for topic in TOPICS)}.0.0"
    files[FOLDER / "asyncapi.json"] = _json(build_asyncapi(TOPICS, version))
    files[PAGE] = render_topics(TOPICS)
    return {path: files[path] for path in sorted(files)}


def find_faults(files: Mapping[Path, str], project: Path) -> list[str]:
    """Say of each file that is not as it would be written what is wrong with it."""
    faults = []
    for path, text in files.items():
        found = project / path
        if not found.exists():
            faults.append(f"missing: {path}")
        elif found.read_text(encoding="utf-8") != text:
            faults.append(f"stale: {path}")
    return faults + [f"left over: {path}" for path in _left_over(files, project)]


def save_files(files: Mapping[Path, str], project: Path) -> None:
    """Write all files, and remove what an earlier run left over."""
    for path in _left_over(files, project):
        (project / path).unlink()
    for path, text in files.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")


def _left_over(files: Mapping[Path, str], project: Path) -> list[Path]:
    folder = project / FOLDER
    here = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    return [path.relative_to(project) for path in here if path.relative_to(project) not in files]


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
