#!/bin/sh
# An authority for the service's own network, and a certificate of it by which the service speaks TLS to the proxy
# (compose.yaml). Run again, it makes a new certificate of the same authority: restart the service then.
#   scripts/inside-certificates.sh tls/inside
set -eu
umask 077
place=${1:?a folder for the certificates}
days=${DAYS:-825}
mkdir -p "$place"
cd "$place"
ec() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
if [ ! -e authority.pem ]; then
    ec authority-key.pem
    openssl req -x509 -new -key authority-key.pem -days 3650 -subj "/CN=quality-award inside" -out authority.pem \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
fi
ec key.pem
openssl req -new -key key.pem -subj "/CN=award" -out request.pem
printf '%s\n' "subjectAltName=DNS:award,DNS:localhost,IP:127.0.0.1" "basicConstraints=critical,CA:FALSE" \
    "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth" > extensions
openssl x509 -req -in request.pem -CA authority.pem -CAkey authority-key.pem -CAcreateserial -days "$days" \
    -extfile extensions -out certificate.pem
rm -f request.pem extensions
# The service's user (10001 in the image) reads its key, everybody may read what vouches for whom. The authority's own
# key is needed for the next certificate alone: keep it elsewhere.
chmod 644 authority.pem certificate.pem
if [ "$(id -u)" = 0 ]; then
    chown 10001 key.pem
fi
