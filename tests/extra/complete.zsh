# SPDX-License-Identifier: MIT
# complete.zsh FOLDER LINE -- what a zsh with the completion in FOLDER shows when Tab is pressed
# twice behind LINE: the line as completed, and the list. A terminal is needed for it, so there is
# one. (storyphoto is looked up in PATH.)
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PROMPT='<prompt>'; stty cols 200 rows 500; LISTMAX=0; fpath=(${(q)1} \$fpath)
autoload -Uz compinit; compinit -u -D; setopt no_beep; echo rea''dy"
while zpty -r shell chunk; do [[ $chunk == *ready* ]] && break; done
zpty -w -n shell "$2"$'\t\t'
quiet=0
while ((quiet < 8)); do # most of a second with nothing new
    if zpty -r -t shell chunk; then
        print -rn -- "$chunk"
        quiet=0
    else
        sleep 0.1
        ((++quiet))
    fi
done
zpty -d shell
