"""The composition root: the only place that names concrete adapters and stores.

`compose` wires a centre, `server` runs it, `parent` starts it again when it dies. Nothing is
imported here, so that the parent stays small and quick.
"""
