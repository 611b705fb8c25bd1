#!/usr/bin/env bash
# Numbered checks of this machine, each with its fix.
# Usage: tools/doctor.sh [python|go|tests]   one group only; without it, everything.
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

# note NAME COMMAND FIX: as check, for what can be done without.
note() {
  local before=$failed
  check "$1" "$2" "$3"
  failed=$before
}

python_checks() {
  check "Python 3.11 or newer (as \$PYTHON or python3)" \
    "${PYTHON:-python3} -c 'import sys; sys.exit(sys.version_info < (3, 11))'" \
    "Install it (Debian: apt-get install python3 python3-venv), or: make run PYTHON=python3.12"
  check "Python's venv module" "${PYTHON:-python3} -c 'import venv, ensurepip'" \
    "Debian: apt-get install python3-venv"
}

go_checks() {
  check "Go 1.26 or newer (an older one fetches it by itself)" "cd go && go version" \
    "Install it from https://go.dev/doc/install"
}

# Kafka's jars, where Docker does not bring it; tests start, kill and restart brokers of their own.
kafka_checks() {
  check "Java 17 or newer (in \$JAVA_HOME or on the PATH), for Kafka" \
    "\"\${JAVA_HOME:+\$JAVA_HOME/bin/}java\" -version 2>&1 |
      awk -F '[\".]' '/version/ { found = \$2 } END { exit !(found >= 17) }'" \
    "Debian: apt-get install default-jre-headless; macOS: brew install openjdk@17"
  check "Maven, which fetches Kafka" "command -v mvn" \
    "Debian: apt-get install maven; macOS: brew install maven"
}

test_checks() {
  check "Chromium, for the test that opens the report" \
    "command -v chromium || command -v chromium-browser || command -v google-chrome" \
    "Debian: apt-get install chromium; macOS: brew install --cask chromium"
  kafka_checks
  go_checks
  check "a C compiler, for Go's race detector" "command -v gcc || command -v clang" \
    "Debian: apt-get install gcc libc6-dev"
}

service_checks() {
  note "Docker with compose, for Prometheus and Grafana with make up (not needed for the rest)" \
    "docker info && docker compose version" \
    "Install it from https://docs.docker.com/engine/install, and start it"
}

lint_checks() {
  check "shellcheck, for make lint" "command -v shellcheck" "Debian: apt-get install shellcheck"
  check "git, for the tidy tests" "command -v git" "Debian: apt-get install git"
}

group="${1:-all}"
quiet=yes
case "$group" in
  python) python_checks ;;
  go) go_checks ;;
  tests) test_checks ;;
  all)
    quiet=no
    python_checks
    test_checks
    service_checks
    lint_checks
    ;;
  *)
    echo "usage: $0 [python|go|tests]" >&2
    exit 2
    ;;
esac
exit "$failed"
