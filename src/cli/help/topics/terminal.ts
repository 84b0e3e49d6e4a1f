import type { Topic } from '../topic.ts'

export const terminal: Topic = {
  name: 'terminal',
  about: 'output, colours, logs, completion',
  text: `Results go to stdout, words to stderr; --json makes a result data.

  -q, --quiet          only results and errors
  -v, --verbose        every statement with its time, notices, waiting
  --log-format json    what happens, as lines of JSON on stderr
  NO_COLOR=1           no colour; also TERM=dumb, CI, and any pipe
  FORCE_COLOR=1        colour in a pipe too

Live progress is for a terminal; a pipe gets a line for each step. Marks are
plain letters where the locale or TERM=dumb says that others cannot be shown.

Completion of verbs, options, services and versions:

  bash   echo 'source <(skein completion bash)' >> ~/.bashrc
  zsh    echo 'source <(skein completion zsh)' >> ~/.zshrc
  fish   skein completion fish > ~/.config/fish/completions/skein.fish`,
  more: ['guides/terminal.md'],
}
