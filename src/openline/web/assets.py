"""Where do the built scripts, styles and sounds lie, and what are their addresses?

The front end's build writes files with a hash in their names and `manifest.json`, which maps a
logical name (`pages/desk.js`) to its file. A name's content never changes, so browsers may keep it
for ever. The manifest is read again when it was replaced: a build under a running centre counts.
"""

import json
from pathlib import Path

from openline.model import BugError

DIST = Path(__file__).parent / "static" / "dist"


class Assets:
    """Knows the built files of the front end."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        self._read_at: int | None = None
        self._files: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Returns the address of an asset by its logical name, such as `sounds/quiet.mp3`.

        Raises:
            BugError: there is no such asset, or the front end was never built.
        """
        manifest = self._folder / "manifest.json"
        try:
            changed_at = manifest.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._files = json.loads(manifest.read_bytes())
                self._read_at = changed_at
        except OSError as error:
            raise BugError("the pages were never built: start Openline with ./run") from error
        file = self._files.get(name)
        if file is None:
            raise BugError(f"the built pages lack {name}: build them again with ./run")
        return f"/static/{file}"

    def file(self, path: str) -> Path | None:
        """Returns the file behind an address below `/static/`; None where nothing may be served."""
        if path == "manifest.json" or any(part.startswith(".") for part in path.split("/")):
            return None
        root = self._folder.resolve()
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
