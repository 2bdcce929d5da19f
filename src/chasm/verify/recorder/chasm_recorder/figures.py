"""Figures by what they show: lines, bars, points, pictures and texts, not pixels."""

import os
import sys
import weakref
from typing import Any

from chasm_recorder.state import STATE

MAX_ARTISTS = 2000
#: The states in which each figure was recorded: shown, saved and closed as it is, it is one.
_seen: "weakref.WeakKeyDictionary[Any, set[str]]" = weakref.WeakKeyDictionary()


def record_open() -> None:
    """Record every figure that is open."""
    if STATE.listening():
        STATE.quietly(record_all)


def record_all() -> None:
    """Record every open figure, from within a watched call."""
    for path in STATE.watch.get("open_figures", ()):
        module, _, rest = path.partition(":")
        found: Any = sys.modules.get(module)
        for part in rest.split("."):
            found = getattr(found, part, None)
        for manager in list(found.values()) if found else ():
            record(manager.canvas.figure)


def record(figure: Any, target: Any = None) -> None:
    """Record a figure, unless it was recorded as it now is; and in which file it is to be seen."""
    content = _figure(figure) if hasattr(figure, "get_axes") else _page(figure)
    if content is None:
        return
    described = STATE.described(content)
    if isinstance(target, (str, os.PathLike)):
        STATE.emit("picture", os.path.basename(os.fspath(target)), described)
    if hasattr(figure, "get_axes"):
        seen = _seen.setdefault(figure, set())
        if repr(described) in seen:
            return
        seen.add(repr(described))
    STATE.emit("figure", _title(content), described)


def _title(content: dict[str, Any]) -> str:
    titles = [str(content.get("title") or "")]
    titles += [str(axes.get("title") or "") for axes in content.get("axes", ())]
    return next((title for title in titles if title), "")


def _page(figure: Any) -> dict[str, Any] | None:
    """A figure that is data already, to be drawn by a browser."""
    found = figure.to_dict()
    layout = found.get("layout", {})
    title = layout.get("title")
    text = title.get("text") if isinstance(title, dict) else title
    looks = {key: value for key, value in layout.items() if key not in ("template", "title")}
    return {"title": text, "traces": list(found.get("data", ())), "layout": looks}


def _figure(figure: Any) -> dict[str, Any] | None:
    axes = [_axes(part) for part in figure.get_axes()]
    title = getattr(figure, "_suptitle", None)
    text = title.get_text() if title is not None else ""
    found = {"title": text, "axes": axes} if axes or text else {}
    # The title of a figure is one of its texts.
    if texts := [part.get_text() for part in getattr(figure, "texts", ()) if part is not title]:
        found["texts"] = texts
    if legends := [_texts(legend) for legend in getattr(figure, "legends", ())]:
        found["legends"] = legends
    return found or None


def _texts(legend: Any) -> list[str]:
    return [text.get_text() for text in legend.get_texts()]


def _axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    found = {
        "title": axes.get_title(),
        "x label": axes.get_xlabel(),
        "y label": axes.get_ylabel(),
        "x names": _names(axes.xaxis),
        "y names": _names(axes.yaxis),
        "x axis": _axis(axes, "x"),
        "y axis": _axis(axes, "y"),
        "lines": [_line(line) for line in axes.get_lines()[:MAX_ARTISTS]],
        "bars": [_patch(patch) for patch in list(axes.patches)[:MAX_ARTISTS]],
        "points": [_collection(part) for part in list(axes.collections)[:MAX_ARTISTS]],
        "pictures": [image.get_array() for image in axes.images],
        "texts": [text.get_text() for text in axes.texts],
        "places of texts": [list(map(_number, text.get_position())) for text in axes.texts],
        "legend": _texts(legend) if legend is not None else [],
        "tables": [_table(table) for table in getattr(axes, "tables", ())],
    }
    return {key: value for key, value in found.items() if value not in ("", [])}


def _axis(axes: Any, name: str) -> list[Any]:
    """The scale of an axis that has another than usual, and the limits that somebody set."""
    found = []
    if (scale := getattr(axes, f"get_{name}scale")()) != "linear":
        found.append(scale)
    if not getattr(axes, f"get_autoscale{name}_on")():
        found += [float(end) for end in getattr(axes, f"get_{name}lim")()]
    return found


def _table(table: Any) -> dict[str, str]:
    cells = table.get_celld()
    return {str(place): cells[place].get_text().get_text() for place in sorted(cells)}


def _line(line: Any) -> dict[str, Any]:
    if hasattr(line, "get_data_3d"):
        return dict(zip("xyz", line.get_data_3d(), strict=True))
    return {"x": line.get_xdata(), "y": line.get_ydata()}


def _number(place: Any) -> Any:
    """A place along an axis, which may be a date or a name."""
    return float(place) if isinstance(place, (int, float)) else str(place)


def _names(axis: Any) -> list[str]:
    """The names along an axis of categories, without drawing it."""
    formatter, places = axis.get_major_formatter(), axis.get_major_locator()
    if hasattr(formatter, "func") and hasattr(places, "locs"):
        return [str(name) for name in formatter.format_ticks(places.locs)]
    fixed = getattr(formatter, "seq", None)
    if fixed is not None:
        return [str(name) for name in fixed]
    known = getattr(getattr(axis, "units", None), "_mapping", None)
    if known:
        return [str(name) for name in known]
    # What is made of the numbers themselves is told by the form that somebody gave them.
    form = getattr(formatter, "fmt", None)
    return [form] if isinstance(form, str) else []


def _patch(patch: Any) -> Any:
    if hasattr(patch, "get_width") and hasattr(patch, "get_x"):
        return [patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()]
    if hasattr(patch, "theta1"):
        return [patch.theta1, patch.theta2]
    return [type(patch).__name__, patch.get_path().vertices]


def _collection(part: Any) -> dict[str, Any]:
    found = {"at": part.get_offsets(), "colours": part.get_array()}
    if found["colours"] is None:
        # What groups points says so by their colours alone.
        found["colours"] = part.get_facecolor()
    # How large each point is may be the third thing that it tells; so may where an arrow leads.
    if hasattr(part, "get_sizes"):
        found["sizes"] = part.get_sizes()
    if hasattr(part, "U") and hasattr(part, "V"):
        found["arrows"] = [part.U, part.V]
    if hasattr(part, "_offsets3d"):
        found["at"] = list(part._offsets3d)
    paths = part.get_paths()
    if len(paths) <= 50 and len(found["at"]) <= 1:
        found["outlines"] = [path.vertices for path in paths]
    return {key: value for key, value in found.items() if value is not None}
