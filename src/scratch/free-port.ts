import { createServer } from 'node:net'

/** A port of 127.0.0.1 that nobody listens on: the preferred one when it is free. It is not reserved: whoever binds it first has it. */
export async function freePort(preferred?: number): Promise<number> {
  return (preferred && (await tryPort(preferred))) || (await tryPort(0)) || 0
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
