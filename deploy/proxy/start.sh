#!/bin/sh
# Tells nginx which proxies in front of it are believed, and starts it.
# TRUSTED_PROXIES: their addresses or networks, separated by commas; none when nginx is the first that a visitor meets.
set -eu
real_ip=
trusted=
for network in $(printf %s "${TRUSTED_PROXIES:-}" | tr ',' ' '); do
    case $network in
    *[!0-9a-fA-F.:/]*)
        echo "TRUSTED_PROXIES='$network' cannot be used: it takes addresses or networks such as 10.0.0.0/8, separated by commas." >&2
        exit 1
        ;;
    esac
    real_ip="${real_ip}set_real_ip_from $network; "
    trusted="${trusted}$network 1; "
done
echo "$real_ip" >/tmp/real-ip.conf
echo "$trusted" >/tmp/trusted.conf
exec nginx -g 'daemon off;'
