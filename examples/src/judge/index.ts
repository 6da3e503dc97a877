/**
 * Judges samples of digits: `pnpm judge --data DIR --samples samples.npy`, where DIR holds MNIST's files and the samples are
 * `[n, 28, 28, 1]` in [0, 1], as `sgm sample RUN -n 1000 --npy samples.npy` writes them. `--json` prints the numbers alone.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readNpy } from '@sgm/data'
import { openImages } from '@sgm/data/node'
import { tensor, useBackend } from '@sgm/tensor'
import Table from 'cli-table3'
import { progressBars } from '../demo/terminal'
import { judge } from './judge'
import { inUnitRange } from './unit-range'

const { values } = parseArgs({
  options: { data: { type: 'string' }, samples: { type: 'string' }, json: { type: 'boolean' } },
})
if (values.data === undefined || values.samples === undefined) {
  console.error('judge: expected --data FOLDER and --samples FILE.npy')
  process.exit(2)
}

/** A path from where pnpm was called, which runs scripts in the folder of their package. */
const found = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)
const folder = found(values.data)

await useBackend('wasm')
const array = await readNpy(await readFile(found(values.samples)))
const samples = tensor(inUnitRange(Float32Array.from(array.values as Float32Array)), array.shape)
const bars = progressBars()
const verdict = await judge({
  train: await openImages(folder),
  test: await openImages(folder, { split: 'test' }),
  samples: { samples },
  progress: (done, total) => bars.update('training a classifier', done, total),
})
bars.stop()
if (values.json) console.log(JSON.stringify(verdict))
else {
  const percent = (share: number): string => (100 * share).toFixed(1)
  const table = new Table({
    head: ['images', 'n', 'confidence', 'Fréchet distance', ...'0123456789'],
    style: { head: [], border: [] },
  })
  for (const { name, count, confidence, distance, classes } of verdict.judgements) {
    table.push([name, count, confidence.toFixed(3), distance?.toFixed(2) ?? '', ...classes.map(percent)])
  }
  console.log(table.toString())
  console.log(`The classifier gets ${percent(verdict.accuracy)}% of the test images right; classes in %.`)
}
