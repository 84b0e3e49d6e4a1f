/**
 * Installs the real tools that tests run against, at the versions pinned in test/tools/, each into .tools/NAME: `node scripts/tools.mjs
 * [NAME…]`, all without a name. Does nothing for one that is there already and still the pinned one. Exits with 1 and says what is missing on
 * this machine when one cannot be installed.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const pinned = join(root, 'test', 'tools')
const installed = join(root, '.tools')

const installers = {
  'typeorm-0.3': npmCi,
  'typeorm-1': npmCi,
  dbmate: npmCi,
  package: npmCi,
  alembic: venv,
  'pg-client': venv,
  linters: venv,
  goose: goInstall('github.com/pressly/goose/v3/cmd/goose'),
  'golang-migrate': goInstall('github.com/golang-migrate/migrate/v4/cmd/migrate', '-tags', 'postgres'),
  // Each of these computes another lock key: before v4.15.0 the table was not part of it.
  'golang-migrate-4.14': goInstall('github.com/golang-migrate/migrate/v4/cmd/migrate', '-tags', 'postgres'),
  'golang-migrate-library': goBuild('github.com/golang-migrate/migrate/v4'),
  'golang-migrate-library-4.14': goBuild('github.com/golang-migrate/migrate/v4'),
  diesel: cargoInstall,
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(installers)
for (const name of names) {
  const install = installers[name]
  if (install === undefined) fail(`there is no tool ${name}; these are: ${Object.keys(installers).join(', ')}`)
  const wanted = fingerprint(join(pinned, name))
  const mark = join(installed, name, '.installed')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) continue
  console.error(`installing ${name} into .tools/${name}`)
  rmSync(join(installed, name), { recursive: true, force: true })
  mkdirSync(join(installed, name), { recursive: true })
  install(name, join(installed, name))
  writeFileSync(mark, wanted)
}

function npmCi(name, folder) {
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(pinned, name, file), join(folder, file))
  must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder, 'npm comes with Node')
}

function venv(name, folder) {
  const python = ['python3', 'python'].find(
    (each) => spawnSync(each, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
  )
  if (python === undefined) fail(`${name} needs Python 3.9 or newer: apt-get install python3 python3-venv, or brew install python`)
  must(python, ['-m', 'venv', '.'], folder, 'Debian has venv in a package of its own: apt-get install python3-venv')
  const requirements = join(pinned, name, 'requirements.txt')
  must(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], folder, '')
}

/** An installer of a command of a Go module at the pinned version. */
function goInstall(command, ...flags) {
  return (name, folder) => {
    const version = readFileSync(join(pinned, name, 'version'), 'utf8').trim()
    const env = { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'auto' }
    must('go', ['install', ...flags, `${command}@${version}`], folder, 'install Go 1.24 or newer: https://go.dev/doc/install', env)
  }
}

/** An installer of the program in main.go of its folder, which uses the module at the pinned version. */
function goBuild(module) {
  return (name, folder) => {
    const version = readFileSync(join(pinned, name, 'version'), 'utf8').trim()
    cpSync(join(pinned, name, 'main.go'), join(folder, 'main.go'))
    const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'auto' }
    const go = (...args) => must('go', args, folder, 'install Go 1.24 or newer: https://go.dev/doc/install', env)
    go('mod', 'init', 'library')
    go('get', `${module}@${version}`)
    go('build', '-o', 'library', '.')
  }
}

function cargoInstall(name, folder) {
  const version = readFileSync(join(pinned, name, 'version'), 'utf8').trim()
  libpq()
  const features = ['--no-default-features', '--features', 'postgres', '--locked']
  must('cargo', ['install', 'diesel_cli', '--version', version, ...features, '--root', folder], folder, 'install Rust: https://rustup.rs')
}

/** diesel_cli links against libpq. Debian keeps its headers in a package of their own. */
function libpq() {
  const linux = process.platform === 'linux' && existsSync('/usr/bin/dpkg')
  if (!linux || spawnSync('dpkg', ['-s', 'libpq-dev']).status === 0) return
  if (process.getuid?.() !== 0) fail('diesel needs the headers of libpq: apt-get install libpq-dev')
  must('apt-get', ['update', '-q'], root, '')
  must('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'libpq-dev'], root, '')
}

function must(command, args, cwd, remedy, env = process.env) {
  const ran = spawnSync(command, args, { cwd, env, stdio: ['ignore', 2, 2] })
  if (ran.error !== undefined) fail(`${command} cannot be run (${ran.error.code}). ${remedy}`)
  if (ran.status !== 0) fail(`${command} ${args.join(' ')} ended with ${ran.status ?? ran.signal}. ${remedy}`)
}

function fingerprint(folder) {
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

function fail(why) {
  console.error(`tools: ${why}`)
  process.exit(1)
}
