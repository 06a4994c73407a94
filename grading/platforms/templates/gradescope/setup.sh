#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the autograder's image. It installs what grading needs, and only
# what is not there already: Python 3.10 or newer, the packages of requirements.txt in a venv, and bubblewrap.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=/opt/socket-labs
export DEBIAN_FRONTEND=noninteractive

can_grade() {
  [[ -x $1 ]] && "$1" -c 'import sys, pytest, psutil; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

install() {
  apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

if can_grade "$venv/bin/python"; then
  echo "Socket Labs: Python and its packages are there"
else
  python3 -c 'import ensurepip, venv' 2>/dev/null || install python3 python3-venv
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "Socket Labs needs Python 3.10 or newer, and this image has $(python3 -V 2>&1):" \
      "choose a newer base image (Ubuntu 22.04 or later)" >&2
    exit 1
  }
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check -r "$here/requirements.txt"
  can_grade "$venv/bin/python"
fi

# Where a container forbids what bubblewrap needs, the grader runs programs as another user instead: no reason to stop.
command -v bwrap >/dev/null || install bubblewrap || echo "Socket Labs: bubblewrap could not be installed; going on"

"$venv/bin/python" -m compileall -q "$here/grading" || true # so that the first student waits no longer than the second
echo "Socket Labs: ready"
