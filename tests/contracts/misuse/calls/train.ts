import { join } from 'node:path'
import { denoising } from '@sgm/losses'
import { ones } from '@sgm/tensor'
import { train as runOf } from '@sgm/train'
import { type Calls, folder, k, net } from '../given'

/** A checkpoint of one step. */
async function checkpoint(): Promise<Uint8Array> {
  let saved = new Uint8Array()
  const save = async (bytes: Uint8Array) => {
    saved = new Uint8Array(bytes)
  }
  const run = runOf({
    model: net,
    loss: denoising(),
    data: () => ones([2, 2]),
    steps: 1,
    key: k,
    checkpoint: { store: { load: async () => undefined, save } },
  })
  for await (const _ of run);
  run.dispose()
  return saved
}

const saved = await checkpoint()

export const train: Calls = {
  averagedCheckpoint: () => [saved, { a: 'b' }],
  checkpointWeights: () => [saved],
  train: () => [{ model: net, loss: denoising(), data: () => ones([2, 2]), steps: 2, key: k }],
  warmUp: () => [0.1, 2],
  fileStore: () => [join(folder, 'store'), { keep: 1 }],
  keptCheckpoints: () => [join(folder, 'store')],
  jsonLog: () => [join(folder, 'log')],
  lockFolder: () => [folder],
  writeWhole: () => [join(folder, 'whole'), 'text'],
  inverseRootDecay: () => [0.1, 2],
  csvLog: () => [join(folder, 'log.csv')],
  tensorBoardLog: () => [join(folder, 'board'), { now: () => 0 }],
}
