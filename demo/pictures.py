"""The sample town’s pictures, drawn here: shapes on a ground, one set of colours each."""

import io

from PIL import Image, ImageDraw

#: Name → ground, and two colours that are drawn on it.
PICTURES = {
    "lantern": ("#14323a", "#f2b84b", "#d9772b"),
    "boats": ("#d9ecef", "#1d6a76", "#ffffff"),
    "repair": ("#f4e6d3", "#7a3e1d", "#2f5d50"),
    "night": ("#1c1b33", "#7d6fd1", "#f0d77b"),
    "fair": ("#fbeedd", "#c4472f", "#2f5d50"),
    "stage": ("#3a1420", "#e3b23c", "#f7efe2"),
}


def picture(name: str) -> bytes | None:
    """The picture of that name, as PNG."""
    if name not in PICTURES:
        return None
    ground, first, second = PICTURES[name]
    image = Image.new("RGB", (1200, 800), ground)
    draw = ImageDraw.Draw(image)
    for number in range(6):
        left, top = 90 + number * 180, 260 + (number % 3) * 110
        draw.ellipse((left, top, left + 150, top + 150), fill=first)
        draw.polygon(
            ((left, top + 75), (left + 150, top + 75), (left + 75, top + 200)), fill=second
        )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
