import { cp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { edmPreconditioned, gaussianFourier, mlp } from '@sgm/score'
import { vp } from '@sgm/sde'
import { type Progress, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { checkpointWeights } from '@sgm/train'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrom } from './files/browser'
import { loadRun } from './load-run'
import { temporaryFolder, trainTiny } from './testing'

const root = await temporaryFolder()
const folder = join(root, 'a run')

beforeAll(async () => {
  await trainTiny(folder, { data: 'two-moons', blocks: 2 })
})

/** Serves files of the folder. */
const server = createServer(async ({ url = '' }, response) => {
  const name = /\/runs\/mine\/([\w.-]+)\?v=1$/.exec(url)?.[1]
  if (url.includes('broken')) response.writeHead(500).end()
  else if (name === undefined) response.writeHead(404).end('<!doctype html>')
  else {
    const bytes = await readFile(join(folder, name))
    response.setHeader('Content-Length', bytes.length)
    if (url.startsWith('/half') && name.endsWith('.safetensors'))
      response.write(bytes.subarray(0, bytes.length / 2))
    else response.end(bytes)
  }
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
const served = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

describe('loadRun', () => {
  it.each([
    ['a path', () => folder],
    ['a file: URL', () => pathToFileURL(folder)],
    ['a URL', () => `${served}/runs/mine/?v=1`],
    ['a URL without a slash', () => new URL(`${served}/runs/mine?v=1`)],
  ])('gives what the command trained, by %s', async (_, where) => {
    const run = await loadRun(where())
    // What sgm train makes of --data two-moons --width 16 --blocks 2, written out.
    const network = mlp({ dims: 2, hidden: [16, 16], time: gaussianFourier({ size: 32, scale: 1 }) })
    const { ema } = checkpointWeights(await readFile(join(folder, 'checkpoint.safetensors')))
    const process = vp()
    const x = tensor([
      [0.3, -1],
      [2, 0.5],
    ])
    const t = tensor([0.2, 0.9])
    const exact = edmPreconditioned((y, c) => network.apply(ema, y, c), process)(x, t)
    expect(await run.score(x, t).data()).toEqual(await exact.data())
    expect(await run.network.apply(run.weights, x, t).data()).toEqual(await exact.data())
    expect(run.process.marginal(0.4)).toEqual(process.marginal(0.4))
    expect(run.step).toBe(6)
    expect(run.config).toMatchObject({ data: 'two-moons', net: 'mlp', shape: [2], classes: [] })
  })

  it('leaves nothing in memory once it is disposed', async () => {
    await expectNoLeaks(async () => {
      const run = await loadRun(folder)
      run.dispose()
    })
  })

  it('says what is not there, by its place', async () => {
    const copy = join(root, 'copy')
    await cp(folder, copy, { recursive: true })
    const path = join(copy, 'config.json')
    const config = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    await writeFile(path, JSON.stringify({ ...config, rate: 5 }))
    await expectNoLeaks(async () => {
      await expect(loadRun(copy)).rejects.toThrow(
        `loadRun: expected ${path} as the weights were trained with, got --rate 5 for 0.001`,
      )
    })
    await writeFile(path, '<!doctype html>')
    await expect(loadRun(copy)).rejects.toThrow(`expected JSON in ${path}`)
    const none = join(root, 'none')
    await expect(loadRun(none)).rejects.toThrow(
      `loadRun: expected the folder of a run, made by sgm train, got no ${join(none, 'config.json')}`,
    )
    await expect(loadRun(`${served}/else`)).rejects.toThrow(`got no ${served}/else/config.json`)
    await expect(loadRun(`${served}/broken`)).rejects.toThrow(
      /loadRun: could not fetch http.*broken\/\w+\.\w+: status 500/,
    )
  })

  it.each([
    ['a path', () => folder],
    ['a URL', () => `${served}/runs/mine?v=1`],
  ])('tells how far it is, by %s', async (_, where) => {
    const hundredths: number[] = []
    const onProgress = ({ index, steps }: Progress) => hundredths.push((100 * index) / steps)
    ;(await loadRun(where(), { onProgress })).dispose()
    expect(hundredths.at(-1)).toBe(100)
    expect(hundredths).toEqual([...new Set(hundredths)].sort((a, b) => a - b))
  })

  it('ends in the middle of the weights when it is told to', async () => {
    const control = new AbortController()
    const far: number[] = []
    const onProgress = ({ index }: Progress) => {
      far.push(index)
      control.abort(new Error('enough'))
    }
    const { signal } = control
    // The server sends a half, and never the other.
    await expect(loadRun(`${served}/half/runs/mine?v=1`, { signal, onProgress })).rejects.toThrow('enough')
    expect(far[0]).toBeGreaterThan(0)
    expect(far[0]).toBeLessThanOrEqual(50)
    await expect(loadRun(folder, { signal })).rejects.toThrow('enough')
    await expect(loadRun(folder, { onProgress: 1 as never })).rejects.toThrow(TypeError)
  })

  it('in browsers reads from the same URLs', async () => {
    const { where, read } = readFrom(`${served}/runs/mine?v=1`)
    expect(where('config.json')).toBe(`${served}/runs/mine/config.json?v=1`)
    expect(await read('config.json')).toEqual(new Uint8Array(await readFile(join(folder, 'config.json'))))
    expect(await readFrom(served).read('config.json')).toBeUndefined()
  })
})
