#!/bin/sh
# SPDX-License-Identifier: MIT
# errors.t -- `storyphoto errors` has a sentence for every word that a receipt may have.
. "$(dirname "$0")/lib.sh"

run sp errors
expect 0 '^truncated        *Only a part of the photo has arrived' '' 'the list'
run sp errors --lang es-MX
expect 0 '^location        *Tu foto' '' 'in Spanish'
run sp errors --json
expect 0 '^{"schema":"storyphoto.sentences/1","language":"en",' '' 'as JSON'
check 'one line' test "$(wc -l <.streams/out)" = 1
run sp errors --lang=es --json
expect 0 '"language":"es"' '' 'as JSON, in Spanish'
check 'codes and categories are words' \
    test "$(json '(.errors, .removed) | keys[] | select(test("^[a-z-]+$") | not)' | wc -l)" = 0

# ---- a receipt's own words are in it -----------------------------------------------------------
cp .streams/out sentences.json
upload secrets.jpg --size 800x600 --gps --serial --thumbnail --comment
head -c 5000 secrets.jpg >cut.jpg
run sp process cut.jpg -o . --json
expect 65 '"status":"refused"' '' 'a photo that is cut off'
code=$(json .error.code)
check 'its code has a sentence' \
    test -n "$(jq -r --arg code "$code" '.errors[$code] // empty' sentences.json)"
run sp process secrets.jpg -o . --json
expect 0 '"status":"ok"' '' 'a photo full of secrets'
check 'something was removed' test "$(json '.removed | length')" -gt 3
for slug in $(json '.removed[]'); do
    check "$slug has a sentence" \
        test -n "$(jq -r --arg slug "$slug" '.removed[$slug] // empty' sentences.json)"
done

# ---- wrong usage -------------------------------------------------------------------------------
run sp errors --lang tlh
expect 64 '' "there are no sentences in 'tlh', only in en, es" 'a language that is not there'
run sp errors truncated
expect 64 '' "errors takes no argument, not 'truncated'" 'an operand'
run sp errors --lang
expect 64 '' 'lang' 'no language'
run sp errors --help
expect 0 '^usage: storyphoto errors' '' 'help'
run sh -c '"$1" errors >/dev/full' sh "$SP"
expect 74 '' 'cannot write to standard output' 'a full disk'
finish
