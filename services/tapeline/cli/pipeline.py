"""tapeline pipeline: the stages as a table or a diagram."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from tapeline.cli.console import AsJson, RefusedError, out, print_json, table
from tapeline.market.documents import read_yaml
from tapeline.session.manifest import problems
from tapeline.session.pipeline import Pipeline, load_pipeline


class Shape(StrEnum):
    """How to show it."""

    table = "table"
    mermaid = "mermaid"


ShapeOption = Annotated[Shape, typer.Option("--format", help="A table, or a mermaid diagram.")]
Folder = Annotated[Path, typer.Option(help="Folder that holds pipeline.yaml.")]


def show(
    shape: ShapeOption = Shape.table, configs: Folder = Path("configs"), as_json: AsJson = False
) -> None:
    """Show the stages of configs/pipeline.yaml and how topics join them."""
    path = configs / "pipeline.yaml"
    read_yaml(path)
    try:
        pipeline = load_pipeline(path)
    except ValidationError as error:
        raise RefusedError(problems(path, error)) from error
    if as_json:
        print_json(pipeline.model_dump(mode="json"))
    elif shape is Shape.mermaid:
        typer.echo(mermaid(pipeline))
    else:
        columns = ("stage", "reads (~ after the feedback latency)", "writes", "modes", "languages")
        out.print(table("Pipeline", columns, _rows(pipeline)))


def _rows(pipeline: Pipeline) -> list[tuple[str, ...]]:
    return [
        (
            name,
            ", ".join(f"~{r.topic}" if r.feedback else r.topic for r in stage.reads),
            ", ".join(stage.writes),
            ", ".join(stage.modes),
            ", ".join(stage.languages),
        )
        for name, stage in pipeline.stages.items()
    ]


def mermaid(pipeline: Pipeline) -> str:
    """Flowchart: an arrow for each pair of stages, named by its topics; dotted = feedback edge."""
    lines = ["flowchart LR"]
    lines += [f"  {name}[{name}]" for name in pipeline.stages]
    for writer, stage in pipeline.stages.items():
        for reader, other in pipeline.stages.items():
            for feedback, arrow in ((False, "-->"), (True, "-.->")):
                topics = [
                    read.topic
                    for read in other.reads
                    if read.topic in stage.writes and read.feedback is feedback
                ]
                if topics:
                    lines.append(f'  {writer} {arrow}|"{"<br>".join(topics)}"| {reader}')
    return "\n".join(lines)
