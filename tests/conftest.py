"""What every test stands on: a far-off time zone, a clean environment, fresh databases."""

import os
import time

from hypothesis import settings

#: Nobody's zone: whatever reads the machine's own wall clock is off by 14 hours.
os.environ["TZ"] = "Pacific/Kiritimati"
time.tzset()
for name in ("DATA_DIR", "PORT", "WORKERS", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
for name in ("ALLOW_PRIVATE", "CONTACT"):
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)

#: The same examples at every run, so that a red suite means a change; `make soak` draws new ones.
settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("soak", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

pytest_plugins = ["tests.support.databases"]
