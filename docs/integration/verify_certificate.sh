#!/usr/bin/env bash
# Verifies what the code of a certificate holds, without asking the service:
#   verify_certificate.sh ADDRESS KEYS
# ADDRESS is what the QR code says; KEYS is a copy of what GET /v1/audit-checkpoint-keys answered, on whatever day.
# Prints what was signed, and ends with 0 where the signature is good. Needs openssl alone.
set -euo pipefail
address=$1 keys=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

payload=${address#*\?c=} payload=${payload%%&*}
signed=${address##*&s=} header=${signed%%..*} signature=${signed##*..}

# base64url → bytes; → hexadecimal; and back.
bytes() {
  local text=${1//-/+}
  text=${text//_//}
  while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
  printf %s "$text" | openssl base64 -d -A
}
hex() { bytes "$1" | od -An -v -tx1 | tr -d ' \n'; }
unhex() { printf "$(printf %s "$1" | sed 's/../\\x&/g')"; }
member() { sed "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/"; }

# The header says for what it was signed and by which key.
[ "$(bytes "$header" | member typ)" = "award-certificate+jws" ]
kid=$(bytes "$header" | member kid)
key=$(tr '{' '\n' <"$keys" | grep -F "\"$kid\"")
# A point of P-256 as a public key (RFC 5480).
point="04$(hex "$(printf %s "$key" | member x)")$(hex "$(printf %s "$key" | member y)")"
unhex "3059301306072a8648ce3d020106082a8648ce3d030107034200$point" >"$folder/key.der"
# A signature of two numbers (RFC 7518) as openssl reads it.
numbers=$(hex "$signature")
printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "${numbers:0:64}" "${numbers:64:64}" >"$folder/sig.cnf"
openssl asn1parse -genconf "$folder/sig.cnf" -noout -out "$folder/sig.der"
printf %s "$header.$payload" >"$folder/signed"
bytes "$payload"
echo
openssl dgst -sha256 -keyform DER -verify "$folder/key.der" -signature "$folder/sig.der" "$folder/signed" >/dev/null
