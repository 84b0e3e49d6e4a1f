/** For zsh 5, behind compinit; as a file _skein in $fpath, or through source. */
export const zsh = `#compdef skein
# skein completion for zsh: source <(skein completion zsh), behind compinit
_skein() {
  local -a plain open
  local line value about program=skein
  (( $+commands[$words[1]] )) || [[ -x $words[1] ]] && program=$words[1]
  while IFS= read -r line; do
    value=\${line%%$'\\t'*} about=
    [[ $line == *$'\\t'* ]] && about=:\${line#*$'\\t'}
    if [[ $value == :files ]]; then
      _files
      return
    elif [[ $value == *[@=] ]]; then
      open+=("\${value//:/\\\\:}$about")
    else
      plain+=("\${value//:/\\\\:}$about")
    fi
  done < <("$program" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#open )) && _describe -V skein open -S ''
  (( $#plain )) && _describe -V skein plain
}
if [[ $funcstack[1] == _skein ]]; then _skein "$@"; else compdef _skein skein; fi
`
