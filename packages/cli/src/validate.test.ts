import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runInfo } from './commands/info'
import { runSample } from './commands/sample'
import { runTrain } from './commands/train'
import { temporaryFolder, trainTiny } from './testing'

const folder = await temporaryFolder()
const run = join(folder, 'my run')
const path = join(run, 'config.json')
let original: Record<string, unknown>

beforeAll(async () => {
  await trainTiny(run)
  original = JSON.parse(await readFile(path, 'utf8'))
})

/** Puts an edited configuration into the run's folder. */
const edit = (more: object) => writeFile(path, JSON.stringify({ ...original, ...more }))

describe('config.json', () => {
  it.each<[object, string]>([
    [{ rate: 'x' }, '--rate to be a number > 0'],
    [{ rate: 0 }, '--rate to be a number > 0'],
    [{ rate: null }, '--rate to be a number > 0'],
    [{ weighting: 'x' }, '--weighting balanced|likelihood|flow|edm|edm-small'],
    [{ sde: 'constructor' }, '--sde ve|vp|subvp|sigma-t|cosine|edm|rectified-flow'],
    [{ net: 'toString' }, '--net small|tutorial|ddpm|ddpmpp|ncsnpp|dit|mlp'],
    [{ predict: '__proto__' }, '--predict scaled-score|noise|data|velocity|flow|edm'],
    [{ blocks: 1e9 }, '--blocks to be an integer in [0, 64]'],
    [{ width: 1e9 }, '--width to be an integer in [1, 8192]'],
    [{ batch: 2.5 }, '--batch to be an integer in [1, 1000000]'],
    [{ ema: 1 }, '--ema to be a number in [0, 1)'],
    [{ emaWidth: 0.3 }, '--ema-width to be a number in [0, 0.288)'],
    [{ seed: -1 }, '--seed to be an integer >= 0'],
    [{ flip: 'yes' }, '--flip to be true or false'],
    [{ steps: 0 }, '--steps to be an integer >= 1'],
    [{ keep: 0 }, '--keep to be an integer in [1, 1000]'],
    [{ data: 3 }, '--data to be text'],
    [{ shape: [8, 8] }, '--shape to be the shape of points or images'],
    [{ shape: [8, 0, 1] }, '--shape 1 to be >= 1'],
    [{ range: [0] }, '--range 1'],
    [{ range: 'x' }, '--range to be two numbers, or null'],
    [{ shape: 'x' }, '--shape to be a list of sizes'],
    [{ classes: 3 }, '--classes to be a list of names'],
    [{ versions: 3 }, '--versions to be versions by name'],
    [{ numbers: null }, '--numbers to be numbers by name'],
    [{ classes: [3] }, '--classes 0 to be text'],
    [{ numbers: { betaMin: 'x', betaMax: 1 } }, '--numbers betaMin to be a number'],
    [{ numbers: JSON.parse('{"betaMin": 0.1, "__proto__": 1}') }, 'numbers betaMax, betaMin of --sde vp'],
    [{ numbers: { betaMin: 0.1 } }, 'numbers betaMax, betaMin of --sde vp'],
    [{ ratte: 1 }, 'no --ratte'],
    [{ constructor: 1 }, 'no --constructor'],
    [{ toString: 1 }, 'no --to-string'],
    [JSON.parse('{"__proto__": 1}'), 'no --__proto__'],
    [{ format: 'sgm-run-1' }, 'a configuration of format sgm-run-2'],
    [{ rate: undefined }, '--rate'],
  ])('with %j is refused in the words of the options', async (more, message) => {
    await edit(more)
    const error = await runInfo({ run }).catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toContain(`sgm: expected ${message}`)
    expect((error as Error).message).toContain(` in ${path}`)
  })

  it('that is no JSON is refused by its path', async () => {
    await writeFile(path, '{"rate": ')
    await expect(runInfo({ run })).rejects.toThrow(`sgm: expected JSON in ${path}`)
    await writeFile(path, 'null')
    await expect(runInfo({ run })).rejects.toThrow('a configuration of format')
  })

  it.each<[object, string]>([
    [{ rate: 0.01 }, '--rate 0.01 for 0.001'],
    [{ ema: 0.5 }, '--ema 0.5 for 0.9999'],
    [{ predict: 'noise' }, '--predict noise for edm'],
    [{ numbers: { betaMin: 0.1, betaMax: 10 } }, '--beta-max 10 for 20'],
    [{ weighting: 'likelihood' }, '--weighting likelihood for balanced'],
    [{ clip: 0 }, '--clip 0 for 1'],
    [{ warmUp: 3 }, '--warm-up 3 for 0'],
    [{ decayAfter: 3 }, '--decay-after 3 for 0'],
    [{ emaWidth: 0.1 }, '--ema-width 0.1 for 0'],
    [{ batch: 8 }, '--batch 8 for 16'],
    [{ seed: 7 }, '--seed 7 for 0'],
    [{ flip: true, dequantize: false }, '--dequantize false for true, --flip true for false'],
    [{ range: [0, 1] }, 'range [0,1] for [-1,1]'],
  ])('edited to %j is not gone on with, nor sampled, unless one says so', async (more, difference) => {
    await edit(more)
    const message =
      `sgm: expected ${path} as the weights were trained with (undo the edit, or go on with it: ` +
      `sgm train --out '${run}' --accept-changes), got ${difference}`
    await expect(runTrain({ out: run, steps: 9, threads: 1 })).rejects.toThrow(message)
    await expect(runSample({ run, n: 1, threads: 1 })).rejects.toThrow(message)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...original, ...more })
  })

  it('of a run that was made before a choice was there goes on without it', async () => {
    const { augment, dropout, ...before } = original
    expect([augment, dropout]).toEqual([0, 0])
    await writeFile(path, JSON.stringify(before))
    expect((await runInfo({ run })).config).toMatchObject({ augment: 0, dropout: 0 })
    expect((await runSample({ run, n: 1, steps: 2, threads: 1 })).n).toBe(1)
  })

  it('of which only the length is edited goes on', async () => {
    await edit({ steps: 7, logEvery: 2, versions: {} })
    expect(await runTrain({ out: run, threads: 1 })).toMatchObject({ step: 7, resumedFrom: 6 })
  })

  it('edited goes on deliberately, and is then what the weights were trained with', async () => {
    await edit({ steps: 8, rate: 0.01 })
    expect(await runTrain({ out: run, acceptChanges: true, threads: 1 })).toMatchObject({ step: 8 })
    await expect(runTrain({ out: run, steps: 9, rate: 0.02, threads: 1 })).rejects.toThrow('--rate 0.01')
    const changed = { out: run, steps: 9, rate: 0.02, acceptChanges: true, threads: 1 }
    expect(await runTrain(changed)).toMatchObject({ step: 9, resumedFrom: 8 })
    expect((await runInfo({ run })).config.rate).toBe(0.02)
    expect(await runSample({ run, n: 1, sampler: 'em', steps: 2, threads: 1 })).toMatchObject({ step: 9 })
  })
})

it('says when another engine changes bits, and not else', async () => {
  const out = join(folder, 'engine')
  await trainTiny(out)
  const said: string[] = []
  const context = { notice: (text: string) => void said.push(text) }
  await runTrain({ out, steps: 7, threads: 1 }, context)
  expect(said).toEqual([])
  await runTrain({ out, steps: 8, eager: true }, context)
  expect(said).toEqual([
    expect.stringMatching(
      /^note: .*engine was trained by ONNX Runtime on 1 thread .* and goes on by --eager /,
    ),
  ])
})

it('keeps the last checkpoints, and says how to return to one where the last is damaged', async () => {
  const out = join(folder, 'kept')
  await trainTiny(out, { saveEvery: 2, keep: 2 })
  const last = join(out, 'checkpoint.safetensors')
  const bytes = await readFile(last)
  bytes[bytes.length - 3]! ^= 16
  await writeFile(last, bytes)
  const back = `to return to step 6: cp ${join(out, 'checkpoint-0000006.safetensors')} ${last}`
  await expect(runSample({ run: out })).rejects.toThrow(back)
  await expect(runTrain({ out, steps: 7, threads: 1 })).rejects.toThrow(back)
  await writeFile(last, await readFile(join(out, 'checkpoint-0000004.safetensors')))
  expect(await runTrain({ out, threads: 1 })).toMatchObject({ step: 6, resumedFrom: 4 })
})
