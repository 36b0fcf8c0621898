#!/bin/sh
# Tells nginx which proxies in front of it are believed, and starts it.
# TRUSTED_PROXIES: their addresses or networks, separated by commas; none when nginx is the first that a visitor meets.
set -eu
: >/tmp/real-ip.conf
: >/tmp/trusted.conf
for network in $(printf %s "${TRUSTED_PROXIES:-}" | tr ',' ' '); do
    case $network in
    *[!0-9a-fA-F.:/]*)
        echo "TRUSTED_PROXIES='$network' cannot be used: it takes addresses or networks such as 10.0.0.0/8, separated by commas." >&2
        exit 1
        ;;
    esac
    echo "set_real_ip_from $network;" >>/tmp/real-ip.conf
    echo "$network 1;" >>/tmp/trusted.conf
done
exec nginx -g 'daemon off;'
