"""What may stand at a given path of the file, and how is that said in words?

Walks the models of `document` by path. The sentences for wrong values (`words`) and the reference
(`reference`) both come from here, so that they cannot disagree with what is accepted.
"""

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

import msgspec
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from openline.configuration.document import Document
from openline.configuration.problems import Path
from openline.configuration.tables import Allowed, Table


class Shape(msgspec.Struct, frozen=True):
    """Is a type with the limits that were written beside it."""

    kind: object
    limits: tuple[object, ...] = ()
    example: str | None = None

    @property
    def table(self) -> type[Table] | None:
        """The model, if a table with fixed keys stands here."""
        kind = self.kind
        return kind if isinstance(kind, type) and issubclass(kind, Table) else None

    @property
    def allowed(self) -> Allowed | None:
        """The words given by hand, if any."""
        # The outermost annotation comes last and says it best.
        found = (limit for limit in reversed(self.limits) if isinstance(limit, Allowed))
        return next(found, None)


ROOT = Shape(Document)


def shape_at(path: Path) -> Shape | None:
    """Returns the shape of what may stand at the path, or None where nothing may."""
    shape: Shape | None = ROOT
    for part in path:
        if shape is None:
            return None
        shape = _child(shape, part)
    return shape


def keys_of(shape: Shape) -> tuple[str, ...]:
    """Returns the keys that a table may have; none if they are free."""
    return tuple(shape.table.model_fields) if shape.table is not None else ()


def tables() -> Iterator[tuple[str, type[Table]]]:
    """Yields every table of the file with its name as written, such as `queues.KEY`."""
    yield from _tables("", ROOT)


def allowed_words(shape: Shape) -> str:
    """Says what may stand here, without an example.

    >>> allowed_words(Shape(int, (Ge(0), Le(10))))
    'a whole number from 0 to 10'
    """
    if shape.allowed is not None:
        return shape.allowed.words
    origin = get_origin(shape.kind)
    if origin is Literal:
        return "one of " + ", ".join(f'"{word}"' for word in choices_of(shape))
    if shape.table is not None:
        return f"a table with the keys {', '.join(shape.table.model_fields)}"
    if origin is dict:
        return "a table with keys of your own" + _length(shape)
    if origin is list:
        items = shape_of(get_args(shape.kind)[0])
        if items.table is not None:
            return f"a list of tables with the keys {', '.join(items.table.model_fields)}"
        return f"a list in [ ], each {allowed_words(items)}{_length(shape)}"
    if shape.kind is bool:
        return "true or false"
    return ("a whole number" if shape.kind is int else "a number") + _range(shape)


def choices_of(shape: Shape) -> tuple[str, ...]:
    """Returns the words of a closed list; none where anything else may stand."""
    return get_args(shape.kind) if get_origin(shape.kind) is Literal else ()


def example_of(shape: Shape) -> str | None:
    """Returns something that may stand here, as it is written in the file."""
    return shape.example or (shape.allowed.example if shape.allowed is not None else None)


def shape_of(
    annotation: object, limits: Sequence[object] = (), example: str | None = None
) -> Shape:
    """Takes an annotation apart into type and limits; `X | None` is taken as X."""
    found = list(limits)
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *beside = get_args(annotation)
            for limit in beside:
                found.extend(limit.metadata if isinstance(limit, FieldInfo) else [limit])
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return Shape(annotation, tuple(found), example)


def field_shape(field: FieldInfo) -> Shape:
    """Returns the shape of a model's field."""
    example = str(field.examples[0]) if field.examples else None
    return shape_of(field.annotation, field.metadata, example)


def _child(shape: Shape, part: str | int) -> Shape | None:
    if shape.table is not None:
        field = shape.table.model_fields.get(str(part))
        return None if field is None else field_shape(field)
    is_list, arguments = get_origin(shape.kind) is list, get_args(shape.kind)
    if is_list and isinstance(part, int):
        return shape_of(arguments[0])
    if get_origin(shape.kind) is dict and isinstance(part, str):
        return shape_of(arguments[1])
    return None


def _tables(name: str, shape: Shape) -> Iterator[tuple[str, type[Table]]]:
    origin, arguments = get_origin(shape.kind), get_args(shape.kind)
    if shape.table is not None:
        if name:
            yield name, shape.table
        for key, field in shape.table.model_fields.items():
            yield from _tables(f"{name}.{key}" if name else key, field_shape(field))
    elif origin is dict and shape.allowed is None:
        yield from _tables(f"{name}.KEY", shape_of(arguments[1]))
    elif origin is list:
        yield from _tables(f"{name}[]", shape_of(arguments[0]))


def _range(shape: Shape) -> str:
    said = ""
    for limit in shape.limits:
        match limit:
            case Ge(ge=least):
                said += f" from {_number(least)}"
            case Gt(gt=least):
                said += f" above {_number(least)}"
            case Le(le=most):
                said += f" to {_number(most)}" if "from" in said else f", up to {_number(most)}"
            case Lt(lt=most):
                said += f", below {_number(most)}"
            case _:
                pass
    return said


def _length(shape: Shape) -> str:
    least = next((limit.min_length for limit in shape.limits if isinstance(limit, MinLen)), 0)
    most = next((limit.max_length for limit in shape.limits if isinstance(limit, MaxLen)), None)
    if least == most:
        return f", {least} of them"
    return f", at least {least}" if least else ""


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
