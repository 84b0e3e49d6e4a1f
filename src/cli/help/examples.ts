/** What people type, for the help of each verb and docs/reference/cli.md: a command and what it is for. The first is the usual one. */
export type Example = readonly [command: string, about: string]

/** By verb; a test reads every command with the real options. One place, so that a new verb without examples is seen. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  status: [
    ['skein status', 'every service'],
    ['skein status shop', 'one, with each of its migrations'],
    ['skein status --check', 'for scripts: exit 9 pending, 7 wrong'],
  ],
  plan: [
    ['skein plan', 'what `up` would do'],
    ['skein plan shop 2 --why', 'the next two of shop, with reasons'],
    ['skein plan --down', 'what `down` would take back'],
    ['skein plan --json > plan.json', 'for review; then skein up --plan plan.json'],
  ],
  validate: [
    ['skein validate', 'every file; no database is needed'],
    ['skein validate shop --verbose', 'one service, notes too'],
  ],
  verify: [
    ['skein verify', 'all that is applied'],
    ['skein verify shop --verbose', 'one service, what is the same too'],
  ],
  locks: [
    ['skein locks', 'every key and its holder'],
    ['skein locks shop', 'of one service'],
  ],
  logs: [
    ['skein logs', 'the last 20 runs'],
    ['skein logs shop -n 5 --verbose', 'the last five of shop, with their steps'],
  ],
  deps: [
    ['skein deps', 'services by tier'],
    ['skein deps shop', 'the migrations of one'],
    ['skein deps --format svg > deps.svg', 'as a picture'],
    ['skein deps --write --dry-run', 'what could be added to dependencies.json'],
  ],
  tables: [
    ['skein tables', 'of all services, with sizes'],
    ['skein tables shop --format markdown', 'for a page'],
  ],
  counts: [
    ['skein counts shop', 'exact, table by table'],
    ['skein counts --estimate', 'at once, as the server believes'],
  ],
  schema: [
    ['skein schema shop', 'every table of one service'],
    ['skein schema users', 'one table'],
    ['skein schema --format mermaid > er.mmd', 'as a diagram'],
  ],
  config: [
    ['skein config', 'what holds, and who says so'],
    ['skein config shop --env production', 'of one service, there'],
  ],
  wait: [
    ['skein wait', 'until the servers take connections'],
    ['skein wait --for schema --timeout 5m', 'until all of these files is applied'],
    ['skein wait --for shop@4', 'until a service is at a version'],
  ],
  health: [
    ['skein health', 'exit 0 ready, 3, 7, 9'],
    ['skein health --serve :9090', '/healthz, /readyz and /metrics'],
  ],
  up: [
    ['skein up', 'everything that is pending'],
    ['skein up shop 2', 'the next two of shop'],
    ['skein up --dry-run', 'the SQL, and where transactions begin and end'],
    ['skein up --verbose', 'every statement with its time'],
    ['skein up --plan plan.json', 'exactly a reviewed plan, or nothing'],
    ['skein up --backup', 'each database into a file first'],
  ],
  down: [
    ['skein down', 'the last migration of each service'],
    ['skein down shop 3', 'three of shop'],
    ['skein down shop --with-dependants --yes', 'what stands on it first; without asking'],
  ],
  goto: [
    ['skein goto shop 000004', 'up or down to that version'],
    ['skein goto shop none', 'before the first'],
  ],
  redo: [
    ['skein redo shop', 'the last migration down and up again'],
    ['skein redo shop 2 --yes', 'the last two, without asking'],
  ],
  reset: [
    ['skein reset shop', 'all of shop down, and up again'],
    ['skein reset --dry-run', 'the SQL for everything'],
  ],
  run: [
    ['skein run --up -- node server.js', 'migrate, then the program'],
    ['skein run --check -- ./main', 'only when the schema is there'],
    ['skein run -- ./main', 'only wait for the servers'],
  ],
  approve: [
    ["skein approve 4f1c0a9b2d3e --env production --because 'DB-42'", 'the plan of `up` with that digest'],
    ['skein approve 4f1c0a9b2d3e --plan plan.json', 'of another verb'],
  ],
  as: [
    ['skein as diesel migration run', 'as diesel does it'],
    ['skein as typeorm migration:show -d src/data-source.ts', 'as typeorm does it'],
  ],
  seed: [
    ['skein seed', 'base files'],
    ['skein seed shop --env development', 'one service, with the files of that environment'],
    ['skein seed --dry-run', 'files, tables and rows only'],
  ],
  clean: [
    ['skein clean shop --dry-run', 'how many rows would go'],
    ['skein clean shop --yes', 'delete them without asking'],
  ],
  backup: [
    ['skein backup', 'into DATABASE-TIME.dump'],
    ['skein backup shop -o shop.dump', 'the database of shop'],
    ['skein backup -o shop.sql.gz', 'as text, through gzip'],
  ],
  restore: [
    ['skein restore shop.dump --dry-run', 'check the file, say what would be replaced'],
    ['skein restore shop.dump', 'put it in the place of the database'],
    ['skein restore --before 1f2e3d4c', 'as it was before that run (skein logs)'],
  ],
  repair: [
    ['skein repair', 'what is broken, and the ways out'],
    ["skein repair shop 3 --choose mark-applied --because 'done by hand'", 'one way out'],
  ],
  force: [
    ['skein force shop 4', 'it stands at 4, whatever was said'],
    ['skein force shop none --dry-run', 'the SQL for: nothing is applied'],
  ],
  mark: [
    ["skein mark shop 4 --applied --because 'run by hand'", 'one migration is there'],
    ["skein mark shop 4 --not-applied --because 'undone by hand'", 'it is not'],
  ],
  baseline: [
    ['skein baseline shop 20240101120000', 'everything up to here is there already'],
    ['skein baseline shop 4 --dry-run', 'its SQL'],
  ],
  adopt: [
    ['skein adopt', 'what all tools have applied'],
    ['skein adopt shop --dry-run', 'what would be noted for one'],
  ],
  drop: [
    ['skein drop shop --dry-run', 'what would go'],
    ['skein drop shop --with-dependants', 'and what needs it, first'],
  ],
  new: [
    ['skein new add user email', 'where there is but one service'],
    ['skein new shop add_price --type table', 'for shop, with a table to fill in'],
    ['skein new --renumber shop', 'when two branches took one number'],
  ],
  init: [
    ['skein init', 'write skein.yaml'],
    ['skein init --dry-run', 'only look at it'],
  ],
  embedded: [
    ['skein embedded status', 'whether it runs, and where'],
    ['psql "$(skein embedded url)"', 'look into it'],
    ['skein embedded remove', 'stop it and delete its data'],
  ],
  completion: [
    ["echo 'source <(skein completion bash)' >> ~/.bashrc", 'bash'],
    ["echo 'source <(skein completion zsh)' >> ~/.zshrc", 'zsh, behind compinit'],
    ['skein completion fish > ~/.config/fish/completions/skein.fish', 'fish'],
  ],
  help: [
    ['skein help up', 'a verb'],
    ['skein help connections', 'a topic'],
    ['skein help LOCK-TIMEOUT', 'an error code'],
  ],
}
