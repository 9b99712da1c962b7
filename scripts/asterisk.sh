# shellcheck shell=bash
# Gets an Asterisk that is new enough. Sourced after setup.sh by ./run and ./test, which then call
# `ensure_asterisk`.
#
# Where the distribution has the package in a version that will do, that is installed. Debian 12 has
# none: there the files of a newer Debian are laid into the cache of this user, outside the checkout,
# once. They are started from there by their own dynamic loader (see telephony/asterisk/program.py),
# and nothing else of that Debian ever runs.

ASTERISK_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/openline/asterisk"
ASTERISK_OLDEST=1:22.4
# The release whose files are taken, and the script of debootstrap that lays it out.
ASTERISK_RELEASE=forky ASTERISK_LAYOUT=sid

has_asterisk() {
    local version
    [[ ! -x $ASTERISK_CACHE/root/usr/sbin/asterisk ]] || return 0
    version=$(PATH="$PATH:/usr/sbin" asterisk -V 2>/dev/null | sed -n 's/^Asterisk \([0-9.]*\).*/1:\1/p')
    [[ $version ]] && dpkg --compare-versions "$version" ge "$ASTERISK_OLDEST"
}

has_package() {
    local version
    version=$(apt-cache policy asterisk 2>/dev/null | sed -n 's/^ *Candidate: //p')
    [[ $version && $version != '(none)' ]] && dpkg --compare-versions "$version" ge "$ASTERISK_OLDEST"
}

# Debian would start it, now and at every boot, with a configuration that is not ours.
install_package() {
    local code=0
    [[ ! -d /run/systemd/system ]] || as_root systemctl mask --runtime asterisk.service
    apt_install asterisk || code=$?
    if [[ -d /run/systemd/system ]]; then
        as_root systemctl unmask --runtime asterisk.service
        as_root systemctl disable asterisk.service
    fi
    return "$code"
}

# A folder that was cut short bears another name, so that one that is there is whole.
lay_into_cache() {
    local new="$ASTERISK_CACHE/root.new" tools="$ASTERISK_CACHE/debootstrap"
    command -v debootstrap >/dev/null || apt_install debootstrap
    as_root rm -rf -- "$new" "$tools" "$ASTERISK_CACHE/root"
    mkdir -p -- "$ASTERISK_CACHE"
    # Its own table of releases may not know this one yet; it takes a copy's word for it.
    cp -a /usr/share/debootstrap "$tools"
    ln -sf -- "$ASTERISK_LAYOUT" "$tools/scripts/$ASTERISK_RELEASE"
    as_root env DEBOOTSTRAP_DIR="$tools" debootstrap --variant=minbase --include=asterisk \
        "$ASTERISK_RELEASE" "$new"
    as_root rm -rf -- "$tools" "$new"/var/cache "$new"/var/lib/apt "$new"/usr/share/{doc,man,locale,info}
    as_root mv -- "$new" "$ASTERISK_CACHE/root"
}

# ensure_asterisk: there is one, or words say how to get it (then it fails).
ensure_asterisk() {
    local code=0
    ! has_asterisk || return 0
    if ! may_install; then
        say "real telephones need Asterisk; this may not install it. As root, type:"
        say "    apt-get install asterisk      (where that is 22.4 or newer), or: ./test"
        return 1
    fi
    begin_setup
    if has_asterisk; then
        :
    elif has_package; then
        step "installing Asterisk" install_package
    elif grep -qsx 'ID=debian' /etc/os-release; then
        step "fetching Asterisk of a newer Debian into $ASTERISK_CACHE (a minute, 500 MB)" lay_into_cache
    else
        say "this distribution has no Asterisk that is new enough (22.4): install one yourself."
        code=1
    fi
    end_setup
    return "$code"
}
