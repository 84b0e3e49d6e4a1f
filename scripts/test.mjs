/**
 * `npm test`: builds what is out of date, installs the servers of the other PostgreSQL versions and the real tools, runs vitest, and ends with one line
 * `N passed, N failed`. Arguments go to vitest; `--all` tests all PostgreSQL versions rather than a selection.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { installExampleDependencies } from './example-dependencies.mjs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const all = process.argv.includes('--all')
const rest = process.argv.slice(2).filter((argument) => argument !== '--all')
const majors = process.env.SKEIN_TEST_MAJORS || (all ? '13,14,15,16,17,18' : '13,15,17,18')

buildIfOld()
installServersIfOld()
must(process.execPath, ['scripts/tools.mjs'], root)
installForExamples()
process.exit(runVitest())

function buildIfOld() {
  if (
    existsSync(join(root, 'dist')) &&
    newest('dist') >= Math.max(...['src', 'bin', 'scripts/build.mjs', 'scripts/bundle.mjs', 'package.json'].map(newest))
  )
    return
  must(process.execPath, ['scripts/build.mjs'], root)
}

function installServersIfOld() {
  const servers = join(root, 'test', 'servers')
  const done = join(servers, 'node_modules', '.package-lock.json')
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(servers, 'package-lock.json')).mtimeMs) return
  // Their install scripts only make symbolic links, which src/scratch makes itself.
  must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], servers)
}

/** Where nobody looks, an example that cannot run must not pass for one that did. */
function installForExamples() {
  const { python } = installExampleDependencies()
  if (python === undefined) return
  console.error(`the example in Python cannot be tested: ${python}`)
  process.exit(1)
}

function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
  const output = join(folder, 'results.json')
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`]
  const ran = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SKEIN_TEST_MAJORS: majors },
  })
  const { passed, failed } = count(output, ran.status)
  rmSync(folder, { recursive: true })
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

/** A file that cannot be loaded has no tests that could fail, and an error between tests belongs to none: each counts as one failure. */
function count(output, status) {
  if (!existsSync(output)) return { passed: 0, failed: 1 }
  const results = JSON.parse(readFileSync(output, 'utf8'))
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  // A skipped test proves nothing; where nobody looks it must not pass for a good one.
  const skipped = process.env.CI === 'true' ? results.numPendingTests + results.numTodoTests : 0
  const failed = results.numFailedTests + broken.length + skipped
  return { passed: results.numPassedTests, failed: failed || (status === 0 ? 0 : 1) }
}

/** When the newest file of a folder was written. */
function newest(path) {
  const full = join(root, path)
  const found = statSync(full, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  return Math.max(0, ...readdirSync(full).map((name) => newest(join(path, name))))
}

function must(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status === 0) return
  console.log('0 passed, 1 failed')
  process.exit(1)
}
