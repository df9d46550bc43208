#!/bin/sh
# SPDX-License-Identifier: MIT
# journal.t -- the journal of a batch is shown, and those of several machines become one: what is
# said when there is none, or none that can be read.
. "$(dirname "$0")/lib.sh"

# ---- wrong usage -------------------------------------------------------------------------------
run sp journal
expect 64 '' 'no verb \(show, merge\) given' 'no verb'
run sp journal shwo state
expect 64 '' "unknown verb 'shwo', did you mean 'show'\?" 'a verb that is none'
run sp journal delete state
expect 64 '' "unknown verb 'delete', known are show, merge" 'a verb that is like none'
run sp journal show
expect 64 '' '^storyphoto: journal show wants STATE$' 'no state'
run sp journal show one two
expect 64 '' '^storyphoto: journal show wants STATE$' 'two states'
run sp journal merge into
expect 64 '' '^storyphoto: journal merge wants INTO and FROM$' 'nothing to merge'
run sp journal show state --jsn
expect 64 '' "unknown option '--jsn', did you mean '--json'\?" 'an option that is none'
run sp journal --help
expect 0 'journal merge INTO FROM\.\.\.' '' 'its help'

# ---- no journal --------------------------------------------------------------------------------
mkdir empty
run sp journal show nowhere
expect 66 '' "cannot read the journal 'nowhere/journal.sqlite': No such file" 'no such folder'
run sp journal show empty
expect 66 '' "cannot read the journal 'empty/journal.sqlite': No such file" 'a folder without one'
run sp journal merge into empty
expect 66 '' "cannot read the journal 'empty/journal.sqlite'" 'nothing there to merge'
check_not 'and nothing is made' test -e into
mkdir foreign
echo 'day one: nothing happened' >foreign/journal.sqlite
run sp journal show foreign
expect 66 '' "the journal 'foreign/journal.sqlite' is damaged .*move it away" 'no journal'
run sp journal merge foreign foreign
expect 64 '' "'foreign' cannot be merged into itself" 'into itself'
ln -s foreign link
run sp journal merge link foreign
expect 64 '' "'foreign' cannot be merged into itself" 'into itself by another name'
finish
