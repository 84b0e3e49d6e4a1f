/** For fish 3: as a file completions/skein.fish, or through source. */
export const fish = `# skein completion for fish: skein completion fish | source
function __skein_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
    if test "$found" = :files
        __fish_complete_path "$current"
    else
        printf '%s\\n' $found
    end
end
complete -c skein -f -k -a '(__skein_complete)'
`
