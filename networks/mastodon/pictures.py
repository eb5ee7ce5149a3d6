"""Sends a picture before the post that shows it (docs.joinmastodon.org/methods/media).

Whatever goes wrong here, nothing has been posted.
"""

from time import sleep
from uuid import uuid4

from networks.answers import told
from networks.errors import LaterError
from networks.fields import text
from networks.mastodon.api import Api
from networks.post import Image
from safehttp.clock import Deadline

#: How long a picture that is being prepared is left alone, in seconds.
PAUSE = 0.5


def upload(api: Api, image: Image, deadline: Deadline) -> str:
    """The id of the picture, ready to be shown.

    Raises LaterError, RefusedError for a picture that the server will never take, TimeoutError.
    """
    body, media_type = form(image)
    answer = api.upload("v2/media", body, media_type, deadline.left())
    picture = text(told(answer, api.now()), "id")
    if picture is None:
        raise LaterError("network.picture", "the server names no picture")
    while answer.status in {202, 206}:
        sleep(min(PAUSE, deadline.left()))
        answer = api.get(f"v1/media/{picture}", deadline.left())
        told(answer, api.now())
    return picture


def form(image: Image) -> tuple[bytes, str]:
    """The picture and its description as multipart/form-data (RFC 7578), and its media type."""
    boundary = uuid4().hex
    name = f"picture.{image.mime.rpartition('/')[2]}"
    lines = [
        f"--{boundary}".encode(),
        b'Content-Disposition: form-data; name="description"',
        b"",
        image.alt.encode(),
        f"--{boundary}".encode(),
        f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(),
        f"Content-Type: {image.mime}".encode(),
        b"",
        image.data,
        f"--{boundary}--".encode(),
        b"",
    ]
    return b"\r\n".join(lines), f"multipart/form-data; boundary={boundary}"
