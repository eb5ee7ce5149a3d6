#!/bin/sh
# Reads our calendar with ical.js (npm) and libical (apt: libical-dev), and compares.
# tests/peers/run.sh [FILE.ics [FROM TO]]: with a file, that calendar too, in the days from FROM
# to before TO (YYYY-MM-DD; without them from 30 days ago for 400 days).
set -eu
cd "$(dirname "$0")/../.."
if [ $# -gt 0 ]; then
    PEERS_CALENDAR=$1
    export PEERS_CALENDAR
fi
if [ $# -gt 2 ]; then
    PEERS_FROM=$2 PEERS_TO=$3
    export PEERS_FROM PEERS_TO
fi
PEERS=1 TZ=Pacific/Kiritimati exec "${PYTHON:-.venv/bin/python}" -m pytest -q -rs tests/peers
