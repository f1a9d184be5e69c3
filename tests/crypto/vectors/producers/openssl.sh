# openssl enc under a passphrase, with each derivation it knows.
set -euo pipefail
secret='correct horse battery staple'
plain='hello, a text of more than one block'
separator=''

vector() {  # NAME ENVELOPE CIPHER [OPTION...]
  local name=$1 envelope=$2 cipher=$3 stored
  shift 3
  stored=$(printf %s "$plain" | openssl enc "-$cipher" -a -k "$secret" "$@" 2>/dev/null)
  printf '%s{"name": "%s", "envelope": %s, "recipe": {"cipher": "%s", "encoding": "utf8", "derive": "evp-md5"}' \
    "$separator" "$name" "$envelope" "$cipher"
  printf ', "secret": "%s", "plaintext": "%s", ' "$secret" "$plain"
  if [[ $name == *bytes* ]]; then
    printf '"stored_hex": "%s"}' "$(base64 -d <<<"$stored" | od -An -tx1 -v | tr -d ' \n')"
  else
    printf '"stored": "%s"}' "${stored//$'\n'/\\n}"
  fi
  separator=', '
}

printf '{"producer": "%s", "vectors": [' "$(openssl version | cut -d' ' -f1,2) enc"
vector 'md5, as before 1.1.0' '"openssl"' aes-256-cbc -md md5
vector 'sha256, as since 1.1.0' '"openssl"' aes-256-cbc -md sha256
vector 'pbkdf2' '"openssl"' aes-256-cbc -pbkdf2
vector 'bytes' '"openssl"' aes-256-cbc -pbkdf2
vector 'pbkdf2 of more rounds' '{"format": "openssl", "derive": "pbkdf2", "iterations": 20000}' aes-256-cbc -pbkdf2 -iter 20000
vector 'aes-128' '{"format": "openssl", "derive": "sha256"}' aes-128-cbc -md sha256
vector 'aes-192' '{"format": "openssl", "derive": "md5"}' aes-192-cbc -md md5
printf ']}'
