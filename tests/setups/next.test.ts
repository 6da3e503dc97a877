import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { openBrowser, visit } from './browse.ts'
import { expectResult, type Result } from './expected.ts'
import { environment, output } from './run.ts'

const folder = inject('folder')
const next = join(folder, 'node_modules/next/dist/bin/next')

test('Next: a client component, a server action and a route handler', async () => {
  const { stdout, stderr } = await output('node', [next, 'build', 'next'], folder)
  expect(stdout + stderr).not.toContain('already registered')
  const server = spawn('node', [next, 'start', 'next', '--port', '0'], { cwd: folder, env: environment() })
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    server.stderr.on('data', (part) => {
      printed += part
    })
    server.stdout.on('data', (part) => {
      printed += part
      const found = /Local:\s+(\S+)/.exec(printed)?.[1]
      if (found && printed.includes('Ready')) resolve(found)
    })
    server.on('exit', () => reject(new Error(printed)))
  })
  const browser = await openBrowser()
  const { result, problems } = await visit<Record<string, Result>>(browser, url)
  for (const name of ['client', 'action', 'route']) expectResult(result[name]!)
  expect(problems).toEqual([])
  expect(printed).not.toMatch(/warn|error|abort/i)
  await browser.close()
  server.kill()
})
