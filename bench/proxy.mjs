import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** A proxy before the server of `url` that counts answered changes of direction: the same that the tests use. Gives it and the URL that leads through it. */
export async function proxied(url) {
  const source = await readFile(new URL('../test/proxy.ts', import.meta.url), 'utf8')
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  const { startProxy } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
  const through = new URL(url)
  const proxy = await startProxy({ port: Number(through.port), host: through.hostname })
  through.port = String(proxy.port)
  return { proxy, url: String(through) }
}
