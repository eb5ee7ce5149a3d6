"""Pictures from a form: checked, made anew without what a camera noted, and kept as ours."""

from PIL import Image

from aggregator.services import pictures
from aggregator.services.errors import ServiceError
from aggregator.services.house import House
from aggregator.services.pictures import PictureError

#: Bytes of a picture, the same as for pictures that partners publish.
LIMIT = pictures.LIMIT

#: Bytes of a form that may hold one: a picture that is too big is told so beside its field.
FORM = 2 * LIMIT


def keep(house: House, data: bytes) -> str:
    """The name of our copy. Raises ServiceError in words for whoever chose the file."""
    if not data:
        raise ServiceError("upload.empty")
    if len(data) > LIMIT:
        raise ServiceError("upload.big", megabytes=LIMIT // 1_000_000)
    try:
        return pictures.keep(house, data, None)
    except PictureError as error:
        raise ServiceError(_why(error)) from error


def _why(error: PictureError) -> str:
    """A file that unfolds to more than we open, or one that is no picture of a kind we know."""
    bombs = PictureError, Image.DecompressionBombWarning, Image.DecompressionBombError
    return "upload.pixels" if isinstance(error.__cause__, bombs) else "upload.kind"
