import type { Exported } from './surface'

/** What is left out, and why. */
const left: readonly (readonly [test: (one: Exported) => boolean, why: string])[] = [
  [
    ({ from }) => from === '@sgm/tensor/check',
    'these are the checks: they throw under the name they are given',
  ],
  [({ name }) => /^(check|expected)/.test(name) || name === 'formatShape', 'the same, from other entries'],
  [({ from }) => from === '@sgm/tensor/compile', 'for executors, on graphs that the compiler checks'],
  [({ from }) => from === '@sgm/tensor/testing', 'fails by design'],
  [({ name }) => /Error$/.test(name), 'classes of errors'],
  [({ from }) => from.startsWith('@sgm/cli'), 'starts runs: its own tests hold its settings to their table'],
  [({ from }) => from.startsWith('@sgm/backend-gpu'), 'needs a device'],
  [({ name }) => name === 'toImageData', 'needs a page'],
  [
    ({ name }) => /^(linkFile|naming|replaceFile|statOf)$/.test(name),
    "throws the system's errors, which its caller names",
  ],
  [({ name }) => name === 'lockFolder', 'takes a lock for good'],
  [({ name }) => name === 'broadcastShapes', 'throws under the name it is given'],
  [({ name }) => /^to(Svg|Png)$/.test(name), 'lays out a figure, which only figure makes'],
  [({ name }) => /^(bestEngine|capabilities|useBackend)$/.test(name), 'starts engines'],
  [({ name }) => /^(memory|fromNowOn|repair\w+)$/.test(name), 'takes nothing'],
  [
    ({ name }) => /^(collect|scoped|settle|tidy)$/.test(name),
    'calls what it is given, whose errors are its own',
  ],
  [({ name }) => /^(dispose|keep|variable)$/.test(name), 'frees or keeps tensors: that is what it is for'],
]

/** Whether a function is left out of all calls. */
export function uncalled(one: Exported): boolean {
  return left.some(([test]) => test(one))
}

/** Whether what a function is given may have more names: a configuration, files by their paths, the options of whoever sets a pace. */
export function takesWider({ name }: Exported): boolean {
  return ['fromDiffusers', 'openPipeline', 'paced'].includes(name)
}

/** Whether a function is left out of the calls with wrong values; misuse-sampling.test.ts holds those of samplers and processes. */
export function outside(one: Exported): boolean {
  return uncalled(one) || /^@sgm\/(samplers|sde)/.test(one.from)
}

/** Whose names errors may have too: of what the good call gives a function, and of what it hands an argument to as it is. */
export const heirs: Readonly<Record<string, readonly string[]>> = {
  balanced: ['vp'],
  flowWeighting: ['vp'],
  likelihoodWeighting: ['vp'],
  fisherDivergence: ['gaussianMixture'],
  onnxEngine: ['onnx'],
  toOnnx: ['compile', 'mul'],
  train: ['ema'],
  openImages: ['fileSource'],
  loadWeights: ['deserialize'],
  averagedCheckpoint: ['deserialize'],
  checkpointWeights: ['deserialize'],
  densityEvolution: ['figure', 'theme'],
}
