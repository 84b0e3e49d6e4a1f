import { checkEmpty } from './check.mjs'
import { floorDown, runSkein } from './contenders.mjs'
import { measure, median } from './measure.mjs'
import { proxied } from './proxy.mjs'

/** What people do with a database that is up to date: nothing to do, look, one back, all back. Takes the two databases back to empty. */
export async function afterwards(set, urls, { skein, env }) {
  const timed = async (times, ...words) => {
    const samples = []
    for (let at = 0; at < times; at++) samples.push(await runSkein(skein, env, set, urls.skein, ...words))
    return { ms: median(samples.map(({ ms }) => ms)), mib: Math.max(...samples.map(({ mib }) => mib ?? 0)) || null }
  }
  const noop = await timed(7, 'up')
  const roundTrips = await countRoundTrips(set, urls.skein, { skein, env })
  const status = await timed(3, 'status')
  const downOne = await timed(1, 'down', '1', '--yes')
  const upOne = await timed(1, 'up')
  const downAll = await timed(1, 'down', '--all', '--yes')
  await checkEmpty(urls.skein)
  const floorDownAll = await floorDown(set, urls.floor, env)
  await checkEmpty(urls.floor)
  return { noop, roundTrips, status, downOne, upOne, downAll, floorDownAll: { ms: floorDownAll.ms } }
}

async function countRoundTrips(set, url, { skein, env }) {
  const { proxy, url: through } = await proxied(url)
  try {
    await measure(process.execPath, [skein, 'up'], { cwd: set.workspace, env: { ...env, DATABASE_URL: through } })
    return proxy.roundTrips()
  } finally {
    await proxy.stop()
  }
}
