#!/bin/sh
# A recommending unit's day, with nothing but curl and the standard shell: sign in, read what changed since the last time,
# read an application, try an opinion, endorse one, decline one, answer the rest at once.
#
#   API=https://award.example.org CLIENT_ID=… CLIENT_SECRET=… SIGNATORY=… ./unit_day.sh
#
# What is endorsed or declined is decided by people: put their decisions where this example takes the first, the second and
# the rest. See README.md beside it.
set -eu
umask 077

API=${API:-http://127.0.0.1:8000}
: "${CLIENT_ID:?the login of the unit machine account}"
: "${CLIENT_SECRET:?the secret that was told when the account was made}"
: "${SIGNATORY:?who signs the opinions}"
# Where the position is kept between two runs.
POSITION_FILE=${POSITION_FILE:-unit_day.position}
OPINION=${OPINION:-经核实，同意推荐。}
DECLINE_REASON=${DECLINE_REASON:-样例：近三年主要指标与统计数据不一致。}
# Departments and associations say why it is of their industry (Art. 12); towns and communities leave it empty.
TRADE_REASON=${TRADE_REASON:-}
# Days are those of Shanghai, eight hours east.
SIGNED_ON=${SIGNED_ON:-$(TZ=CST-8 date +%Y-%m-%d)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Secrets go through files that only this user reads: a command line is seen by everybody on the machine.
printf '%s' "$CLIENT_SECRET" > "$work/secret"
printf 'Accept: application/json\nAccept-Language: zh-CN\n' > "$work/headers"

# call METHOD PATH [curl options]: prints the answer. A refusal is printed as it came (a problem document) and ends the day.
# Busy or unreachable is tried again: reading is harmless, and every act carries an Idempotency-Key.
call() {
    method=$1
    path=$2
    shift 2
    status=$(curl -sS -o "$work/answer" -w '%{http_code}' --max-time 30 --retry 3 --retry-connrefused \
        -X "$method" -H "@$work/headers" "$@" "$API$path")
    case $status in
        2??) cat "$work/answer" ;;
        *)
            echo "$method $path: $status" >&2
            cat "$work/answer" >&2
            echo >&2
            exit 1
            ;;
    esac
}

# post PATH KEY: sends what is on standard input as JSON.
post() {
    cat > "$work/body"
    call POST "$1" -H 'Content-Type: application/json' -H "Idempotency-Key: $2" --data-binary "@$work/body"
}

# text NAME: the value of a member that is a string, out of JSON on standard input; number NAME likewise.
text() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }
number() { sed -n 's/.*"'"$1"'":\([0-9][0-9]*\).*/\1/p'; }

# json TEXT: a JSON string of one line.
json() { printf '"%s"' "$(printf '%s' "$1" | tr '\n\t' '  ' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# The members of an endorsement, without the braces.
endorsement() {
    printf '"facts_verified":["登记信息","经营地址","近三年主要指标"],"opinion":%s,"signatory":%s,"signed_on":"%s"' \
        "$(json "$OPINION")" "$(json "$SIGNATORY")" "$SIGNED_ON"
    if [ -n "$TRADE_REASON" ]; then
        printf ',"industry_justification":%s' "$(json "$TRADE_REASON")"
    fi
}

# 1. Sign in. The token serves for minutes; a program that runs all day asks for a new one when it gets 401.
call POST /v1/tokens -d grant_type=client_credentials --data-urlencode "client_id=$CLIENT_ID" \
    --data-urlencode "client_secret@$work/secret" > "$work/token"
printf 'Authorization: Bearer %s\n' "$(text access_token < "$work/token")" >> "$work/headers"
echo "signed in as $CLIENT_ID"

# 2. What changed since the last time, to the end. Nothing is skipped; what was done with it is kept last (step 7).
after=0
if [ -f "$POSITION_FILE" ]; then
    after=$(cat "$POSITION_FILE")
fi
: > "$work/asked"
while :; do
    call GET "/v1/recommendation-changes?after=$after&limit=100" > "$work/page"
    # One change a line; ids only, so no text can stand in the way.
    tr '{' '\n' < "$work/page" | { grep '"type":"recommendation.requested"' || :; } | text recommendation_id >> "$work/asked"
    next=$(number next_after < "$work/page")
    [ "$next" != "$after" ] || break
    after=$next
done
echo "read the changes up to position $after"

# 3. Which of them still wait: the feed tells that something changed, the recommendation tells how it is.
: > "$work/waiting"
while read -r id; do
    call GET "/v1/recommendations/$id" > "$work/recommendation"
    if grep -q '"state":"requested"' "$work/recommendation"; then
        echo "$id $(text application_id < "$work/recommendation")" >> "$work/waiting"
    fi
done < "$work/asked"
echo "$(grep -c . "$work/waiting" || :) wait for an opinion"

count=0
separator=
: > "$work/items"
while read -r id application; do
    count=$((count + 1))
    case $count in
        1)
            # 4. Read the application, try the opinion, give it.
            call GET "/v1/applications/$application" > "$work/application"
            echo "read application $application of $(text uscc < "$work/application")"
            printf '{%s}' "$(endorsement)" | post "/v1/recommendations/$id/endorsement?dry_run=true" "try-$id" > /dev/null
            echo "an endorsement of $id would be taken"
            printf '{%s}' "$(endorsement)" | post "/v1/recommendations/$id/endorsement" "endorse-$SIGNED_ON-$id" > /dev/null
            echo "endorsed $id"
            ;;
        2)
            # 5. Decline, and say why.
            printf '{"reason":%s,"signatory":%s}' "$(json "$DECLINE_REASON")" "$(json "$SIGNATORY")" |
                post "/v1/recommendations/$id/decline" "decline-$SIGNED_ON-$id" > /dev/null
            echo "declined $id"
            ;;
        *)
            printf '%s{"recommendation_id":"%s","outcome":"endorsed",%s}' "$separator" "$id" "$(endorsement)" >> "$work/items"
            separator=,
            last=$id
            ;;
    esac
done < "$work/waiting"

# 6. The rest at once, all or none: tried first, so that every fault of every item is known before anything is done.
if [ -s "$work/items" ]; then
    batch=$(printf '{"items":[%s]}' "$(cat "$work/items")")
    printf '%s' "$batch" | post "/v1/recommendation-batches?dry_run=true" "try-batch-$last" > /dev/null
    printf '%s' "$batch" | post /v1/recommendation-batches "batch-$SIGNED_ON-$last" > /dev/null
    echo "answered $((count - 2)) at once"
fi

# 7. Only now the position: a day that breaks off is begun again where it began.
printf '%s\n' "$after" > "$POSITION_FILE.new"
mv "$POSITION_FILE.new" "$POSITION_FILE"
echo "done"
