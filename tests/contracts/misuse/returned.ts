import type { Loss } from '@sgm/losses'
import type { LinearOperator } from '@sgm/samplers'
import type { Network } from '@sgm/score'
import { ones, type Shape, tensor } from '@sgm/tensor'
import type { Optimizer } from '@sgm/train'
import { ints, k, net, parameters, process, score, t, x } from './given'
import type { Callable } from './surface'

/** A function that another gave, by the way to it: `vp().prior.sample`. */
export interface Returned {
  readonly path: string
  readonly holder: unknown
  readonly call: Callable
}

/** What is left out, and why. */
const left: readonly (readonly [path: RegExp, why: string])[] = [
  [
    /\.step$/,
    'of samplers is mathematics alone: the run that drives it checks what goes in and what comes out',
  ],
  [/\.(draw|note|legend|colorbar)$/, 'of marks: the figure hands over what it laid out'],
  [/^openPipeline\(\)|\.guided$/, 'of models of images, which their own tests make'],
  [/\.frame$/, 'of figures: panels hand over what they laid out'],
  [/\.(load|open)$/, 'of executors and engines: the compiler hands over graphs that it made'],
  [/\.(dispose|close|pull|save|pullVariables|pushVariables)$/, 'take nothing'],
]

/** Whether what a function that another gave gives in its turn is looked at too: a density, a network, a function. */
export const gives = (path: string): boolean =>
  /^\w+\(\)[^()]*\.(diffused|toScore|fromScore|score)$/.test(path)

/** Arguments that such functions work with, by the ends of their paths. */
const calls: readonly (readonly [path: RegExp, given: () => readonly unknown[]])[] = [
  [/\.denoiser$|(empirical|diffused)\(\)\.logDensity$/, () => [x, t]],
  [/diffused\(\)\.sample$/, () => [k, 3, t]],
  [/score\(\)\.apply$/, () => [parameters, x, t]],
  [/openOnnx\(\)\.run$/, () => [{ x, t }]],
  [/progressBar\(\)$/, () => [{ index: 1, steps: 2 }]],
  [/\.with$/, () => [{ title: 'a' }]],
  [/(reverseSde|itoOf|itoSde)\(\)\.(drift|diffusion\w*)$/, () => [x, 0.5]],
  [/(piGdm|dps)\(\)$/, () => [ones([1, 2]), tensor([0.5])]],
  [/basis\.(to|from)$/, () => [ones([1, 2, 2, 3])]],
  [/hutchinsonDivergence\(\)$/, () => [x, t, x]],
  [/(denoising|Matching|Bound|Classification|licit|sliced\w*|Sliced)\(\)\.draw$/i, () => [k, [3, 2]]],
  [/(atches|stream)\(\)$|\.epoch$/, () => [0]],
  [/\.bytes$/, () => [new Int32Array([0])]],
  [/\.alter$/, () => [new Float32Array(8), [2, 4, 1], new Float32Array(16).fill(0.5)]],
  [/fileSource\(\)\.read$/, () => [[0], 4]],
  [/importanceTimes\(\)$/, () => [process, 0.1, 1]],
  [
    /\.(quantile|density|drift|diffusion|marginal)$|(warmUp|inverseRootDecay|reverseCoefficients)\(\)$/,
    () => [0.5],
  ],
  [/(\.g|G)rid$|(Grid|toZero)\(\)$/, () => [process, { steps: 2 }]],
  [/\.(marginalAt|timestep)$/, () => [t]],
  [/[pP]rior(\(\))?\.sample$/, () => [k, [2, 2]]],
  [/\.sample$/, () => [k, 2]],
  [/\.(logDensity|adjoint|to|from)$|Operator\(\)\.apply$/, () => [x]],
  [/\.(toScore|fromScore)$/, () => [score, process]],
  [/\.diffused$/, () => [process]],
  [/\.noised$/, () => [{ alpha: 1, sigma: 1 }]],
  [/\.flow$/, () => [process, x, 0.5, 0.4]],
  [/ema\(\)\.update$/, () => [parameters, parameters, 0.5]],
  [/(adam|sgd|ema)\(\)\.init$/, () => [parameters]],
  [/\.decayAt$/, () => [1]],
  [/\.coefficients$/, () => [1, 0.1]],
  [/\.init$/, () => [k]],
  [/(mlp|mapNetwork)\(\)\.apply$/, () => [parameters, x, t]],
  [/networkOf\(\)\.apply$/, () => [{}, x, t]],
  [/(prediction|parametrisation\(\))\.score$/, () => [net, process]],
  [/fromScheduler\(\)\.score$/, () => [score]],
  [/([gG]rad|compile)\(\)$/, () => [x]],
  [/Log\(\)$/, () => [{ step: 1, loss: 1 }]],
  [/Store\(\)\.save$/, () => [new Uint8Array(2), 1]],
  [/paced\(\)\.each$/, () => [2, () => 0]],
  [/block$/, () => ['time']],
  [/labelLogLikelihood\(\)$/, () => [x, t]],
  [/\(\)$|\.score$/, () => [x, t]],
]

/** The images that the networks of the calls here take. */
const pictures: Readonly<Record<string, Shape>> = {
  ddpm: [8, 8, 3],
  ddpmpp: [8, 8, 3],
  ncsnpp: [8, 8, 3],
  dit: [4, 4, 1],
  tutorialUnet: [17, 17, 1],
  refineNet: [8, 8, 3],
  noiseClassifier: [8, 8, 1],
}

/** Arguments that one works with, as far as is known: of an operator, what has its shapes. */
export function callOf({ path, holder }: Returned): readonly unknown[] {
  const { shapes, init } = (holder ?? {}) as Partial<Network>
  const images = Object.entries(pictures).find(([name]) => path === `${name}().apply`)?.[1]
  if (shapes && init && images) return [init(k), ones([2, ...images]), tensor([0.5, 0.4])]
  const { draw } = (holder ?? {}) as Partial<Loss>
  if (draw && path.endsWith('.evaluate'))
    return [score, x, draw(k, [3, 2]), ...(path.startsWith('noisy') ? [ints] : [])]
  const optimizer = (holder ?? {}) as Partial<Optimizer>
  if (optimizer.coefficients && path.endsWith('.update')) {
    const coefficients = Object.entries(optimizer.coefficients(1, 0.1)).map(([name]) => [name, ones([])])
    const slots = optimizer.init?.(parameters)
    return [{ parameters, gradients: parameters, slots, coefficients: Object.fromEntries(coefficients) }]
  }
  const { domain, codomain } = (holder ?? {}) as Partial<LinearOperator>
  if (domain && codomain) {
    const measured = ones([2, ...codomain])
    if (path.endsWith('.apply')) return [ones([2, ...domain])]
    return path.endsWith('.adjoint') ? [measured] : [measured, ones([2])]
  }
  return calls.find(([end]) => end.test(path))?.[1]() ?? []
}

/** The functions that a result is or holds, two deep. */
export function returnedOf(path: string, result: unknown): readonly Returned[] {
  const found: Returned[] = []
  const seen = new Set<unknown>()
  const walk = (value: unknown, path: string, holder: unknown, depth: number): void => {
    if (!isHolder(value) || seen.has(value)) return
    seen.add(value)
    if (typeof value === 'function')
      found.push({ path, holder, call: (...given) => Reflect.apply(value, holder, given) })
    if (depth === 0) return
    for (const [member, held] of Object.entries(value)) walk(held, `${path}.${member}`, value, depth - 1)
  }
  walk(result, path, undefined, 2)
  return found.filter(({ path }) => !left.some(([end]) => end.test(path)))
}

/** Anything that may hold functions; tensors and numbers hold none. */
function isHolder(value: unknown): value is Callable | object {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !('dtype' in value)
}
