#!/bin/sh
# An authority for the service's own network, and certificates of it by which the service, the database and the storage
# speak TLS (compose.yaml). Run again, it makes new certificates of the same authority: restart these three then.
#   sudo scripts/inside-certificates.sh tls/inside
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
chmod 644 authority.pem
# Name in the network, files of certificate and key, user of the image who reads the key (others must not).
certified() {
    ec "$3"
    openssl req -new -key "$3" -subj "/CN=$1" -out request.pem
    printf '%s\n' "subjectAltName=DNS:$1,DNS:localhost,IP:127.0.0.1" "basicConstraints=critical,CA:FALSE" \
        "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth" > extensions
    openssl x509 -req -in request.pem -CA authority.pem -CAkey authority-key.pem -CAcreateserial -days "$days" \
        -extfile extensions -out "$2"
    rm -f request.pem extensions
    chmod 644 "$2"
    if [ "$(id -u)" = 0 ]; then
        chown "$4" "$3"
    else
        echo "Not run as root: give $3 to user $4, who reads it in the image (chown $4 $place/$3)" >&2
    fi
}
certified award certificate.pem key.pem 10001
certified database database.pem database-key.pem 999
certified storage storage.pem storage-key.pem 1000
# The authority's own key is needed for the next certificates alone: keep it elsewhere.
