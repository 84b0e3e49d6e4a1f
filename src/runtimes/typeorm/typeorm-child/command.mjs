// TypeORM's own command line, but for `migration:run`, `migration:revert` and `migration:generate`: of these it says on descriptor 3, as JSON, what was asked
// for and where the DataSource leads, and does nothing. Usage, errors and every other command are TypeORM's own; on a scratch database generating is too.
// Source: TypeORM 0.3.31 and 1.1.1 cli.js, commands/MigrationRunCommand.js, commands/MigrationRevertCommand.js.
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { loadedFrom, recordFiles } from './files.mjs'
import { isScratch, leadToScratch } from './scratch.mjs'

const { folder, datasource, words } = JSON.parse(process.argv[2])
const fromService = createRequire(join(folder, 'package.json'))
const { CommandUtils } = fromService('typeorm/commands/CommandUtils')
const { PlatformTools } = fromService('typeorm/platform/PlatformTools')
recordFiles(fromService('typeorm/util/ImportUtils'))

const modes = { all: 'all', each: 'each', none: 'none', false: 'none' }

function takeOver(Command, command) {
  Command.prototype.handler = async (args) => {
    try {
      const path = resolve(process.cwd(), args.dataSource)
      const dataSource = await CommandUtils.loadDataSource(path)
      dataSource.setOptions({ subscribers: [], synchronize: false, migrationsRun: false, dropSchema: false })
      await dataSource.buildMetadatas()
      const { MigrationExecutor } = fromService('typeorm')
      const migrations = new MigrationExecutor(dataSource).getMigrations()
      const files = migrations.map(({ instance }) => loadedFrom(instance.constructor, fromService.cache)).filter(Boolean)
      const folders = [...new Set([...files.map((file) => dirname(file)), ...(files.length === 0 ? globFolders(dataSource) : [])])]
      const transaction = modes[args.t] ?? dataSource.options.migrationsTransactionMode ?? 'all'
      const said = { command, datasource: path, folders, transaction, fake: Boolean(args.f), url: await urlOf(dataSource.options) }
      writeSync(3, JSON.stringify({ ...said, names: migrations.map(({ name }) => name) }))
    } catch (error) {
      PlatformTools.logCmdErr(`Error during migration ${command}:`, error)
      process.exit(1)
    }
    process.exit(0)
  }
}

/** What a glob says before its first wildcard. */
function globFolders({ options }) {
  const globs = Object.values(options.migrations ?? []).filter((each) => typeof each === 'string')
  return globs.map((glob) => resolve(process.cwd(), glob.includes('*') ? `${glob.split('*')[0]}x` : glob)).map((path) => dirname(path))
}

/** The connection as a URL of libpq's. TypeORM takes the parts of a URL before those beside it. */
async function urlOf(options) {
  const given = options.replication?.master ?? options
  if (given.url) return given.url
  const { host = 'localhost', port = 5432, username = '', database = '', ssl } = given
  const password = typeof given.password === 'function' ? await given.password() : given.password
  const url = new URL(`postgresql://${host.startsWith('/') ? 'localhost' : host}:${port}/${encodeURIComponent(database)}`)
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password ?? '')
  if (host.startsWith('/')) url.searchParams.set('host', host)
  if (ssl) url.searchParams.set('sslmode', ssl.rejectUnauthorized === false ? 'require' : 'verify-full')
  return url.href
}

/** `migration:generate -n Name`, as TypeORM 0.2 took it: the file goes where the migrations of the DataSource are. */
async function newForm() {
  const at = words.findIndex((word) => word === '-n' || word === '--name')
  if (!['migration:generate', 'migration:create'].includes(words[0]) || at < 0 || words[at + 1] === undefined) return words
  const rest = words.filter((_, index) => index !== at && index !== at + 1)
  const d = rest.findIndex((word) => word === '-d' || word === '--dataSource')
  const path = d < 0 ? datasource : rest[d + 1]
  const [home = 'src/migrations'] = path ? globFolders(await CommandUtils.loadDataSource(resolve(process.cwd(), path))) : []
  const isCreate = rest[0] === 'migration:create'
  const others = isCreate && d >= 0 ? rest.filter((_, index) => index !== d && index !== d + 1) : rest
  const more = !isCreate && d < 0 && path ? ['-d', path] : []
  return [others[0], join(home, words[at + 1]), ...others.slice(1), ...more]
}

/** A DataSource that cannot be loaded is the tool's own to speak of. */
function takeOverGenerate(Command) {
  const { handler } = Command.prototype
  Command.prototype.handler = async function (args) {
    let told
    try {
      const path = resolve(process.cwd(), args.dataSource)
      const dataSource = await CommandUtils.loadDataSource(path)
      dataSource.setOptions({ subscribers: [], synchronize: false, migrationsRun: false, dropSchema: false })
      await dataSource.buildMetadatas()
      const { MigrationExecutor } = fromService('typeorm')
      const migrations = new MigrationExecutor(dataSource).getMigrations()
      const files = migrations.map(({ instance }) => loadedFrom(instance.constructor, fromService.cache)).filter(Boolean)
      const folders = [...new Set(files.map((file) => dirname(file)))]
      told = {
        command: 'generate',
        datasource: path,
        folders,
        transaction: 'each',
        fake: false,
        url: '',
        names: migrations.map(({ name }) => name),
      }
    } catch {
      return handler.call(this, args)
    }
    writeSync(3, JSON.stringify(told))
    process.exit(0)
  }
}

takeOver(fromService('typeorm/commands/MigrationRunCommand').MigrationRunCommand, 'run')
takeOver(fromService('typeorm/commands/MigrationRevertCommand').MigrationRevertCommand, 'revert')
if (isScratch()) {
  const { loadDataSource } = CommandUtils
  CommandUtils.loadDataSource = async (path) => leadToScratch(await loadDataSource.call(CommandUtils, path))
} else takeOverGenerate(fromService('typeorm/commands/MigrationGenerateCommand').MigrationGenerateCommand)
process.argv = [process.argv[0], join(folder, 'typeorm'), ...(await newForm())]
fromService('typeorm/cli')
