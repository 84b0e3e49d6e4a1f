/**
 * For bash from 3.2 on, without the package bash-completion. Bash cuts words at COMP_WORDBREAKS (`@`, `=`, `:` among them) and replaces only the last piece,
 * so the whole line is handed over, and what stands before that piece is cut off the answers.
 */
export const bash = `# skein completion for bash: source <(skein completion bash)
_skein() {
  local line="\${COMP_LINE:0:COMP_POINT}" piece="\${COMP_WORDS[COMP_CWORD]}" program=skein
  local word="\${line##*[[:space:]]}" value about before
  type -P -- "$1" >/dev/null && program="$1"
  case "$piece" in [@=:]) piece= ;; esac
  before="\${word%"$piece"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r value about; do
    if [ "$value" = :files ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$piece")
    else
      COMPREPLY+=("\${value#"$before"}")
    fi
  done < <("$program" complete --line "$line" 2>/dev/null)
  case "\${COMPREPLY[0]}" in *[@=]) compopt -o nospace 2>/dev/null ;; esac
}
complete -F _skein skein
`
