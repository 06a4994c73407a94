#!/usr/bin/env bash
# Installs what grading needs on a GitHub runner, and only what is not there already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

python -c 'import pytest, psutil' 2>/dev/null ||
  python -m pip install -qq --disable-pip-version-check -r "$here/requirements.txt"

command -v bwrap >/dev/null || {
  sudo apt-get update -qq
  sudo apt-get install -qq -y --no-install-recommends bubblewrap >/dev/null
}

# Ubuntu 24.04 forbids ordinary users the namespaces that bubblewrap is made of.
bwrap --unshare-all --ro-bind / / true 2>/dev/null ||
  sudo sysctl -qw kernel.apparmor_restrict_unprivileged_userns=0
