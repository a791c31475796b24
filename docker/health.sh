#!/bin/bash
# health PORT PATH: exit 0 when http://127.0.0.1:PORT/PATH answers 200, else its words. No Node is started for it.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
IFS= read -r -t 3 status <&3 || exit 1
case $status in *" 200 "*) exit 0 ;; esac
printf '%s\n' "$status"
timeout 1 cat <&3 | tail -n 1 | head -c 400
exit 1
