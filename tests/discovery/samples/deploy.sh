#!/bin/sh
# $IN_A_COMMENT
OWN=1; export ALSO_OWN=2
for ITEM in a b; do echo "$ITEM $OWN $ALSO_OWN"; done
read -r ANSWER; echo "$ANSWER"
: "${DEMANDED:?set it}" # reads: DEMANDED!
echo "${WITH_DEFAULT:-x}" # reads: WITH_DEFAULT=x
echo "don't $IN_QUOTES" # reads: IN_QUOTES
echo '$LITERAL ${LITERAL_TOO}'
echo "${#OWN} $$ $1 ${MAYBE:+set}" # reads: MAYBE?
