"""A post as JSON on its way to the practice network, written here and read back there."""

import base64
import binascii
from collections.abc import Mapping

from networks.fields import text
from networks.post import Image, Post

#: Pictures that browsers show and that can hold no script.
MIMES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def write(post: Post) -> dict[str, object]:
    """The JSON of a post; pictures are base64."""
    return {
        "key": post.key,
        "text": post.text,
        "language": post.language,
        "link": post.link,
        "images": [
            {
                "mime": image.mime,
                "alt": image.alt,
                "data": base64.b64encode(image.data).decode(),
            }
            for image in post.images
        ],
    }


def read(message: Mapping[str, object]) -> Post:
    """The post in that JSON. Raises ValueError with the reason where it is none."""
    key, words = text(message, "key"), text(message, "text")
    if key is None or words is None:
        raise ValueError("key and text can't be empty")
    images = message.get("images") or []
    if not isinstance(images, list):
        raise ValueError("images is a list")
    return Post(
        key,
        words,
        text(message, "link"),
        text(message, "language") or "en",
        tuple(_image(image) for image in images),
    )


def _image(found: object) -> Image:
    if not isinstance(found, Mapping) or text(found, "mime") not in MIMES:
        raise ValueError(f"a picture is one of {', '.join(sorted(MIMES))}")
    try:
        data = base64.b64decode(text(found, "data") or "", validate=True)
    except binascii.Error as error:
        raise ValueError("a picture's data is base64") from error
    return Image(data, str(found["mime"]), text(found, "alt") or "")
