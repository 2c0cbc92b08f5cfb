/**
 * The completion for bash, by itself: it asks for no package of completions, may be sourced again, and leaves quoting
 * to bash (`-o filenames`). Bash 3.2 or later.
 */

/**
 * Bash takes a word apart at `=` and hands words over as they were typed: what belongs together is put together, and
 * quotes and backslashes are taken off. Of `--network=ma` it wants the part after the sign alone, but where
 * COMP_WORDBREAKS has no `=` the whole.
 */
export const BASH_COMPLETION = `# bash completion for mineone
__mineone_complete() {
  local words=() word typed line before='' glue='' i last
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    word=\${word//\\\\/}
    word=\${word#[\\"\\']}
    last=$((\${#words[@]} - 1))
    if [[ -n $glue || ( $word == '=' && $last -ge 0 ) ]]; then
      words[$last]+=$word
    else
      words+=("$word")
    fi
    glue=''
    if [[ $word == '=' ]]; then glue=1; fi
  done
  last=$((\${#words[@]} - 1))
  typed=\${words[$last]}
  if [[ $typed == --*=* ]]; then
    if [[ \${COMP_WORDS[COMP_CWORD]} == --*=* ]]; then before=\${typed%%=*}=; fi
    typed=\${typed#*=}
  fi
  compopt -o filenames 2>/dev/null
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    if [[ -n $line && $line != :[0-9]* && $line == "$typed"* ]]; then COMPREPLY+=("$before$line"); fi
  done < <(mineone complete -- "\${words[@]}" 2>/dev/null)
}
complete -F __mineone_complete mineone
`;
