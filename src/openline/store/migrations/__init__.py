"""How the tables of an older version become those of this one: one file for each step.

Revisions are numbers in order; the newest is the version of the data. A revision that a release has
written is never changed again. One that copies many rows tells how far it is:

    tell = context.config.attributes["tell"]
    tell(done, total)

`openline.store.sql.migrate` runs them, in one transaction, after a safety copy.
"""
