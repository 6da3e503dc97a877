import type { Exported } from './surface'

/** What is left out, and why. */
const left: readonly (readonly [test: (one: Exported) => boolean, why: string])[] = [
  [
    ({ name }) => /^(check[A-Z]|expected|(objectOf|optionsOf|numbersOf|broadcastShapes)$)/.test(name),
    'throws under the name it is given: their own tests',
  ],
  [({ from }) => from === '@sgm/tensor/compile', 'for executors, on graphs that the compiler checks'],
  [({ from }) => from === '@sgm/tensor/testing', 'fails by design'],
  [({ name }) => /Error$/.test(name), 'classes of errors'],
  [({ name }) => name === 'main', 'is a command: its own tests hold its words and its codes'],
  [({ name }) => /^(openGpu|machineInfo)$/.test(name), 'starts engines'],
  [({ name }) => /^(toImageData|webgpu)$/.test(name), 'needs a page'],
  [
    ({ name }) => /^(linkFile|naming|replaceFile|statOf)$/.test(name),
    "throws the system's errors, which its caller names",
  ],
  [({ name }) => name === 'lockFolder', 'takes a lock for good'],
  [({ name }) => /^(bestEngine|capabilities|useBackend)$/.test(name), 'starts engines'],
  [({ name }) => /^(memory|fromNowOn|repair\w+)$/.test(name), 'takes nothing'],
  [({ name }) => /^(collect|settle)$/.test(name), 'calls what it is given, whose errors are its own'],
  [({ name }) => /^dispose$/.test(name), 'frees tensors: that is what it is for'],
]

/** Whether a function is left out of all calls. */
export function uncalled(one: Exported): boolean {
  return left.some(([test]) => test(one))
}

/** Whether what a function is given may have more names: a configuration, files by their paths, a mixture beside its parameters, the options of whoever sets a pace. */
export function takesWider({ name }: Exported): boolean {
  return ['fromDiffusers', 'mixturePosterior', 'openPipeline', 'paced'].includes(name)
}

/** Whose call goes as far as it can here, and not to its end; and why. */
const cut: readonly (readonly [name: RegExp, why: string])[] = [
  [/^(run[A-Z]|loadRun)/, 'commands: there is no run'],
  [/^(animate|drawOn)$/, 'need a canvas, which pages have'],
  [/^particleView$/, 'needs a GPU'],
  [
    /^from(Diffusers|Edm|KDiffusion|ScoreSde)$/,
    'read the weights of whole networks, which their own tests make',
  ],
]

/** Whether a function has no call here that works. */
export function fails({ name }: Exported): boolean {
  return cut.some(([names]) => names.test(name))
}

/** Whose names errors may have too: of what the good call gives a function, and of what it hands an argument to as it is. */
const heirs: Readonly<Record<string, readonly string[]>> = {
  fromScheduler: ['tabulatedVp'],
  logLikelihood: ['exactDivergence'],
  // The option of that name.
  sample: ['normal'],
  trajectory: ['normal'],
  chain: ['normal'],
  onnxEngine: ['onnx'],
  toOnnx: ['compile', 'mul'],
  train: ['ema', 'mlp', 'denoising'],

  toSvg: ['figure'],
  toPng: ['figure'],
  toApng: ['figure'],
  toGif: ['figure'],
  openImages: ['fileSource'],
  openPipeline: ['fromScheduler'],
  loadWeights: ['deserialize'],
  averagedCheckpoint: ['deserialize'],
  checkpointWeights: ['deserialize'],
}

/** The names of a function's errors beside its own: the command's functions all speak as `sgm`, a check as whoever asks. */
export function heirsOf(name: string): readonly string[] {
  return [...(heirs[name] ?? []), ...(/^run[A-Z]/.test(name) ? ['sgm', 'runOf'] : [])]
}
