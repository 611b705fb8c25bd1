#!/usr/bin/env bash
# Numbered checks of this machine, each with its fix.
# Usage: tools/doctor.sh [python|tests]   one group only; without it, everything.
set -u

failed=0
number=0

# check NAME COMMAND FIX: runs COMMAND; says FIX when it fails.
check() {
  number=$((number + 1))
  if bash -c "$2" >/dev/null 2>&1; then
    [ "$quiet" = yes ] || printf '%2d ok       %s\n' "$number" "$1"
  else
    printf '%2d MISSING  %s\n             %s\n' "$number" "$1" "$3"
    failed=1
  fi
}

python_checks() {
  check "Python 3.11 or newer (as \$PYTHON or python3)" \
    "${PYTHON:-python3} -c 'import sys; sys.exit(sys.version_info < (3, 11))'" \
    "Install it (Debian: apt-get install python3 python3-venv), or: make run PYTHON=python3.12"
  check "Python's venv module" "${PYTHON:-python3} -c 'import venv, ensurepip'" \
    "Debian: apt-get install python3-venv"
}

test_checks() {
  check "Chromium, for the test that opens the report" \
    "command -v chromium || command -v chromium-browser || command -v google-chrome" \
    "Debian: apt-get install chromium; macOS: brew install --cask chromium"
}

lint_checks() {
  check "shellcheck, for make lint" "command -v shellcheck" "Debian: apt-get install shellcheck"
  check "git, for the tidy tests" "command -v git" "Debian: apt-get install git"
}

group="${1:-all}"
quiet=yes
case "$group" in
  python) python_checks ;;
  tests) test_checks ;;
  all)
    quiet=no
    python_checks
    test_checks
    lint_checks
    ;;
  *)
    echo "usage: $0 [python|tests]" >&2
    exit 2
    ;;
esac
exit "$failed"
