import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { findChromium } from '../browser/chromium.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Serves a folder as any host of static files does. */
export async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(({ url = '/' }, response) => {
    const path = join(folder, decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const found = existsSync(path) && statSync(path).isFile()
    response.writeHead(found ? 200 : 404, { 'Content-Type': types[extname(path)] ?? 'text/plain' })
    response.end(found ? readFileSync(path) : 'not found')
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server }
}

export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium()
  return chromium.launch({ executablePath, args, env })
}

/** What a page may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000

/** Opens a page and gives what it leaves in `globalThis.result`, with all that the page complained of. */
export async function visit<T>(browser: Browser, url: string): Promise<{ result: T; problems: string[] }> {
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', ({ message }) => problems.push(message))
  // Development servers compile a page when it is asked for.
  await page.goto(url, { timeout: PATIENCE })
  const handle = await page.waitForFunction(() => (globalThis as { result?: unknown }).result, null, {
    timeout: PATIENCE,
  })
  const result = (await handle.jsonValue()) as T
  await page.close()
  return { result, problems }
}
