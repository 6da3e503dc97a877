import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { root } from '../workspace.ts'

export const build = join(root, 'docs/build')
const BASE = '/sgm/'
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** The built site as a static host serves it: under a base path, kept by browsers, without headers of isolation. */
export async function serveSite(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const found = fileOf(decodeURIComponent(pathname))
    const file = found ?? join(build, '404.html')
    if (!found) response.statusCode = 404
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream')
    response.setHeader('Cache-Control', 'max-age=3600')
    response.end(readFileSync(file))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}${BASE}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function fileOf(path: string): string | undefined {
  if (!path.startsWith(BASE)) return undefined
  const asked = join(build, path.slice(BASE.length))
  const file = existsSync(asked) && statSync(asked).isDirectory() ? join(asked, 'index.html') : asked
  return file.startsWith(build) && existsSync(file) ? file : undefined
}
