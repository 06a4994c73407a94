#!/usr/bin/env bash
# Says how one check ended: check.sh NAME. grade.sh has run before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec python -m grading.platforms.classroom check "$1" "${RUNNER_TEMP:-/tmp}/socket-labs"
