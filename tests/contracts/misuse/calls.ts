import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdir } from 'node:process'
import { glyphs } from '@sgm/data'
import { denoising } from '@sgm/losses'
import { eulerMaruyama, langevin, mala, maskOperator } from '@sgm/samplers'
import { dataPrediction, gaussian, mlp, noisePrediction, scorePrediction } from '@sgm/score'
import { itoOf, vp } from '@sgm/sde'
import {
  dispose,
  fromNowOn,
  key,
  mul,
  ones,
  serialize,
  square,
  sum,
  sumRows,
  tensor,
  tensorsIn,
} from '@sgm/tensor'
import type { Callable } from './surface'

const k = key(1)
const x = tensor([
  [0.5, -1],
  [2, 0.25],
  [1, 1],
])
const t = tensor([0.5, 0.4, 0.3])
const images = ones([2, 4, 4, 1])
const filter = ones([3, 3, 1, 1])
const ints = tensor([0, 1, 1], [3], 'int32')
const bools = tensor([0, 1, 1], [3], 'bool')
const process = vp()
const operator = maskOperator([1, 0])
const { score } = gaussian()
const net = mlp({ hidden: [4] })
const parameters = net.init(k)
const weights = await serialize(parameters)
const bytes = await serialize({ x })
const set = glyphs({ count: 6, key: k })
const problem = { process, score }
const run = { key: k, shape: [1, 2], steps: 1 }
const twice = (y: typeof x) => mul(y, 2)
const energyOf = (y: typeof x) => sum(square(y))
const energy = (y: typeof x) => sumRows(square(y))
const folder = mkdtempSync(join(tmpdir(), 'sgm-misuse-'))
chdir(folder)
const file = join(folder, 'file.bin')
writeFileSync(file, new Uint8Array(8))
const npy = new Uint8Array([
  0x93,
  78,
  85,
  77,
  80,
  89,
  1,
  0,
  0x76,
  0,
  ...new TextEncoder().encode(
    `${"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2), }".padEnd(117)}\n`,
  ),
  1,
  2,
  3,
  4,
])
const png = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='),
  (c) => c.charCodeAt(0),
)

/** Tensors that functions are given, and must leave alive. */
export const lent = [x, t, images, filter, ints, bools, ...Object.values(parameters)]

/** A call that works, where no guess does. */
const calls: Readonly<Record<string, () => readonly unknown[]>> = {
  // tensor
  tensor: () => [
    [
      [1, 2],
      [3, 4],
    ],
    [2, 2],
    'float32',
  ],
  scalar: () => [1, 'float32'],
  full: () => [[2], 1, 'float32'],
  ones: () => [[2], 'float32'],
  zeros: () => [[2], 'float32'],
  eye: () => [2],
  linspace: () => [0, 1, 3],
  range: () => [0, 1, 0.5, 'float32'],
  clip: () => [x, 0, 1],
  cast: () => [x, 'int32'],
  where: () => [bools, ints, 2],
  logicalAnd: () => [bools, bools],
  logicalOr: () => [bools, bools],
  logicalNot: () => [bools],
  all: () => [bools, [0], false],
  any: () => [bools, [0], false],
  leakyRelu: () => [x, 0.1],
  conv2d: () => [images, filter, { stride: 1, padding: 'same', dilation: 1 }],
  depthwiseConv2d: () => [images, filter, { stride: 1, padding: 'same', dilation: 1 }],
  conv2dTranspose: () => [images, filter, [4, 4], { stride: 1, padding: 'same' }],
  avgPool2d: () => [images, 2, { stride: 2, padding: 'valid' }],
  maxPool2d: () => [images, 2, { stride: 2, padding: 'valid' }],
  resizeNearest: () => [images, [2, 2]],
  resizeBilinear: () => [images, [2, 2]],
  matMul: () => [x, x, { transposeA: true, transposeB: false }],
  sum: () => [x, [0], false],
  mean: () => [x, [0], false],
  prod: () => [x, [0], false],
  max: () => [x, [0], false],
  min: () => [x, [0], false],
  logSumExp: () => [x, [0], false],
  softmax: () => [x, 0],
  logSoftmax: () => [x, 0],
  argMax: () => [x, 0],
  argMin: () => [x, 0],
  cumsum: () => [x, 0],
  reshape: () => [x, [2, 3]],
  transpose: () => [x, [1, 0]],
  expandDims: () => [x, 0],
  squeeze: () => [images, [3]],
  concat: () => [[x, x], 0],
  stack: () => [[x, x], 0],
  splitAxis: () => [x, 3, 0],
  unstack: () => [x, 0],
  slice: () => [x, [0, 0], [1, 1]],
  pad: () => [
    x,
    [
      [1, 1],
      [0, 0],
    ],
    0,
  ],
  tile: () => [x, [1, 2]],
  broadcastTo: () => [x, [2, 3, 2]],
  broadcastShapes: () => [[2, 1], [3], 'someone'],
  reverse: () => [x, [0]],
  gather: () => [x, ints, 0],
  oneHot: () => [ints, 2],
  alignRows: () => [t, x],
  compile: () => [twice, { executor: undefined, cache: 2 }],
  grad: () => [energyOf],
  valueAndGrad: () => [energyOf],
  vjp: () => [twice, x, x],
  jvp: () => [twice, x, x],
  hvp: () => [energyOf, x, x],
  divergence: () => [twice, x],
  hutchinson: () => [twice, x, x],
  item: () => [ones([])],
  normal: () => [k, [2]],
  uniform: () => [k, [2], { low: 0, high: 1 }],
  rademacher: () => [k, [2]],
  choice: () => [k, [1, 2], [2]],
  permutation: () => [k, 3],
  uniformValues: () => [k, 3],
  split: () => [k, 2],
  foldIn: () => [k, 2],
  key: () => [1],
  serialize: () => [{ x }, { note: 'a' }],
  deserialize: () => [bytes, { tensors: 4 }],
  paced: () => [2, {}],
  widenHalf: () => [new Uint16Array(2)],
  // data
  batches: () => [x, { size: 2, key: k, shuffle: true }],
  stream: () => [(_: typeof k, count: number) => ones([count, 2]), { size: 2, key: k }],
  decodeImage: () => [png, { pixels: 100 }],
  readNpy: () => [npy],
  readNpz: () => [new Uint8Array([80, 75, 5, 6, ...Array(18).fill(0)]), { limit: 100 }],
  readPictures: () => [[png], { labels: [0], classes: ['a'], size: 2, channels: 1, pixels: 100 }],
  readImages: () => [npy, { classes: ['a'], split: 'train', limit: 1000 }],
  glyphs: () => [{ count: 2, key: k, size: 8, channels: 1 }],
  phantoms: () => [{ count: 2, key: k, size: 8 }],
  sheppLogan: () => [{ size: 8 }],
  cached: () => [set],
  imageSet: () => [{ bytes: new Uint8Array(4), shape: [1, 2, 1], labels: [0, 1], classes: ['a', 'b'] }],
  images: () => [set, [0, 1], { range: [0, 1] }],
  imageBatches: () => [
    set,
    {
      size: 2,
      key: k,
      shuffle: true,
      range: [0, 1],
      dequantize: false,
      flip: false,
      labels: true,
      dropLabels: 0.1,
    },
  ],
  checkerboard: () => [k, 3, {}],
  gaussianGrid: () => [k, 3, {}],
  gaussianRing: () => [k, 3, {}],
  mixture: () => [k, 3, {}],
  pinwheel: () => [k, 3, {}],
  rings: () => [k, 3, {}],
  spirals: () => [k, 3, {}],
  swissRoll: () => [k, 3, {}],
  twoMoons: () => [k, 3, {}],
  fileSource: () => [file],
  openImages: () => [file, { labels: false, limit: 100 }],
  // metrics
  ssim: () => [ones([1, 11, 11, 1]), ones([1, 11, 11, 1]), { peak: 1 }],
  coverage: () => [ones([3, 2]), ones([2]), { level: 0.5 }],
  // losses
  fisherDivergence: () => [score, score, x, t],
  sphere: () => [k, [2, 3]],
  uniformTimes: () => [process, 0.1, 1],
  balanced: () => [process, 0.5],
  flowWeighting: () => [process, 0.5],
  likelihoodWeighting: () => [process, 0.5],
  // samplers
  maskOperator: () => [[1, 0], [2]],
  matrixOperator: () => [[[1, 0]], [2]],
  greyOperator: () => [[2, 2, 3]],
  poolingOperator: () => [[4, 4, 1], 2],
  blurOperator: () => [[4, 4, 1], [[0.5, 0.5, 0]]],
  radonOperator: () => [[4, 4, 1], { views: 2 }],
  fourierOperator: () => [
    [2, 2, 1],
    [1, 0, 0, 1],
  ],
  kSpaceMask: () => [[4, 4], { key: k, acceleration: 2, pattern: 'random', centre: 0.1 }],
  randomRowsOperator: () => [[2], { key: k, rows: 1 }],
  leastSquares: () => [operator, x, t, { iterations: 2 }],
  filteredBackProjection: () => [ones([1, 2, 4, 1]), { views: 2 }],
  bicubic: () => [images, 2],
  // score
  ddpmFromScore: () => [score, process, {}],
  scoreFromDdpm: () => [score, process, {}],
  ncsnFromScore: () => [score, process, { sigmas: [1, 0.1] }],
  scoreFromNcsn: () => [score, process, { sigmas: [1, 0.1] }],
  timeScaled: () => [score, 999],
  empirical: () => [x, process],
  energyScore: () => [energy],
  classifierGuidance: () => [score, energy, { scale: 1 }],
  labelLogLikelihood: () => [(y: typeof x) => y, ints],
  classifierFreeGuidance: () => [score, score, { scale: 1 }],
  layersScore: () => [{ inputs: [1], apply: (y: unknown) => y }],
  bind: () => [net, parameters],
  countParameters: () => [net],
  mapNetwork: () => [net, (f: unknown) => f],
  networkOf: () => [{ parameters: {}, apply: (_: unknown, y: unknown) => y }],
  parametrisation: () => [scorePrediction],
  converted: () => [score, noisePrediction, dataPrediction, process],
  edmCoefficients: () => [t, 0.5],
  edmPreconditioned: () => [score, process, {}],
  fromDiffusers: () => [{ sample_size: 8 }, { x }, 8],
  fromScoreSde: () => [net, parameters],
  loadWeights: () => [net, weights],
  saveWeights: () => [net, parameters, { note: 'a' }],
  gaussian: () => [{ mean: [0, 0], covariance: 1 }],
  gaussianMixture: () => [{ weights: [1, 1], means: [[0], [1]], covariances: [1, 1] }],
  mlp: () => [{ dims: 2, hidden: [4] }],
  // sde, samplers
  sample: () => [problem, eulerMaruyama(), run],
  trajectory: () => [problem, eulerMaruyama(), run],
  chain: () => [problem, mala(), { key: k, x, steps: 1 }],
  encode: () => [problem, x, { steps: 1 }],
  decode: () => [problem, x, { steps: 1 }],
  logLikelihood: () => [problem, x, { divergence: 'exact' }],
  simulate: () => [itoOf(process), x, { key: k, times: [0.1, 0.2] }],
  simulateExact: () => [process, x, { key: k, times: [0.1, 0.2] }],
  predictorCorrector: () => [eulerMaruyama(), langevin(), { correctorSteps: 1 }],
  linearSde: () => [{ marginal: process.marginal }],
  tabulatedVp: () => [{ alphasCumprod: [0.9, 0.5, 0.1], priorSigma: 1 }],
  fromScheduler: () => [
    { _class_name: 'DDIMScheduler', beta_end: 0.02 },
    { mu: 1, imageTokens: 9 },
  ],
  // train
  averagedCheckpoint: () => [bytes],
  checkpointWeights: () => [bytes],
  train: () => [{ model: net, loss: denoising(), data: () => ones([2, 2]), steps: 2, key: k }],
  warmUp: () => [0.1, 2],
  fileStore: () => [join(folder, 'store'), { keep: 1 }],
  keptCheckpoints: () => [join(folder, 'store')],
  jsonLog: () => [join(folder, 'log')],
  lockFolder: () => [folder],
  writeWhole: () => [join(folder, 'whole'), 'text'],
  // onnx
  onnx: () => [{ runtime: 'node' }],
  toOnnx: () => [twice, [x], {}],
  fromOnnx: () => [bytes, {}],
  openOnnx: () => [bytes, {}],
  openPipeline: () => [{ 'model_index.json': bytes }, {}],
}
/** What most functions can be called with. */
const guesses: readonly (readonly unknown[])[] = [[x], [x, x], [{}], []]

/** Arguments that a function works with: those of the table, or else the first guess that it takes. */
export async function callsOf(name: string, call: Callable): Promise<readonly unknown[]> {
  const known = Object.hasOwn(calls, name) ? calls[name] : undefined
  if (known) return known()
  for (const guess of guesses) {
    const isNew = fromNowOn()
    try {
      dispose(tensorsIn(await call(...guess)).filter(isNew))
      return guess
    } catch {
      // The next, then.
    }
  }
  return []
}
