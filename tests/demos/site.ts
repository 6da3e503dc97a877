import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll } from 'vitest'
import { findChromium } from '../browser/chromium.ts'
import { root } from '../workspace.ts'

const build = join(root, 'docs/build')
const BASE = '/sgm/'
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** The built site, and a browser to see it in, while the tests of a file run. */
export function visitSite() {
  let site: Awaited<ReturnType<typeof serveSite>>
  let browser: Browser
  beforeAll(async () => {
    site = await serveSite()
    browser = await chromium.launch(await findChromium())
  })
  afterAll(async () => {
    await browser.close()
    site.close()
  })
  return {
    /** The address of a page. */
    addressOf: (path: string): string => site.address + path,
    /** A page that shows nothing yet, and what it will complain of. */
    async newPage(options: BrowserContextOptions = {}): Promise<Visit> {
      const page = await browser.newPage({ reducedMotion: 'reduce', ...options })
      const complaints: string[] = []
      const complain = (text: string): unknown => complaints.push(`${page.url()}: ${text}`)
      page.on('console', (message) => message.type() === 'error' && complain(message.text()))
      page.on('pageerror', ({ message }) => complain(message))
      return { page, complaints }
    },
  }
}

interface Visit {
  readonly page: Page
  readonly complaints: string[]
}

/** The built site as a static host serves it: under a base path, without headers of isolation. */
async function serveSite(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const found = fileOf(decodeURIComponent(pathname))
    const file = found ?? join(build, '404.html')
    if (!found) response.statusCode = 404
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream')
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
