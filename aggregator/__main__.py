"""`python -m aggregator`: everything staff and the person who installs can do from a shell."""

from aggregator import app
from aggregator.cli.main import townboard

if __name__ == "__main__":
    townboard(prog_name="python -m aggregator", obj=app)
