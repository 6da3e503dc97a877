import { join } from 'node:path'
import { type Calls, file, folder } from '../given'

/** There is no run: what is wrong with options is said before a folder is looked at. */
const run = join(folder, 'nowhere')

export const cli: Calls = {
  loadRun: () => [run, {}],
  runClass: () => [{ run, n: 1 }, {}],
  runColorize: () => [{ run, n: 1 }, {}],
  runExport: () => [{ run }, {}],
  runInfo: () => [{ run }],
  runInpaint: () => [{ run, n: 1 }, {}],
  runInterpolate: () => [{ run, n: 2, frames: 2 }, {}],
  runLikelihood: () => [{ run, n: 1 }, {}],
  runLog: () => [{ run }, {}],
  runRestore: () => [{ run, n: 1, task: 'inpaint' }, {}],
  runSample: () => [{ run, n: 1, steps: 1, sampler: 'ddim' }, {}],
  runTrain: () => [{ out: file, data: run, steps: 1 }, {}],
  progressBar: () => [{ task: 'a', stream: { write: () => true, isTTY: false } }],
}
