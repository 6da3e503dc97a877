import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { openBrowser, serve, visit } from './browse.ts'
import { expectResult, type Result } from './expected.ts'
import { environment, output } from './run.ts'

const folder = inject('folder')
const vite = join(folder, 'node_modules/vite/bin/vite.js')
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Vite's dev server and its address. */
async function dev() {
  const server = spawn('node', [vite, '--port', '0'], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    const read = (part: Buffer) => {
      // Vite colours what it prints wherever CI is set.
      text += stripVTControlCharacters(String(part))
      const found = /Local:\s+(\S+)/.exec(text)?.[1]
      if (found) resolve(found)
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', () => reject(new Error(text)))
  })
  return { url, server }
}

describe('Vite, without configuration', () => {
  test('in development', async () => {
    const { url, server } = await dev()
    onTestFinished(() => void server.kill())
    for (const backend of ['', 'wasm']) {
      const { result, problems } = await visit<Result>(browser, `${url}?${backend}`)
      expectResult(result, backend)
      expect(problems).toEqual([])
    }
    expectResult((await visit<Result>(browser, `${url}worker.html`)).result)
  })

  test('in production, on the page and in a worker', async () => {
    await output('node', [vite, 'build', '--config', 'pages.config.js', '--outDir', 'out/vite'], folder)
    const { url, server } = await serve(join(folder, 'out/vite'))
    for (const backend of ['', 'wasm']) {
      const { result, problems } = await visit<Result>(browser, `${url}/index.html?${backend}`)
      expectResult(result, backend)
      expect(problems).toEqual([])
    }
    expectResult((await visit<Result>(browser, `${url}/worker.html`)).result)
    server.close()
  })
})
