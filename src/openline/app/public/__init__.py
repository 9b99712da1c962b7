"""A centre that is reached from everywhere: its certificate, its front door, what it refuses."""

from openline.app.public.certificate import Certificate
from openline.app.public.chosen import public_of
from openline.app.public.front_door import opened_to_the_world
from openline.app.public.refused import refuse_the_unfit

__all__ = ["Certificate", "opened_to_the_world", "public_of", "refuse_the_unfit"]
