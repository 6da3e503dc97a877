import { denoising } from '@sgm/losses'
import { k, parameters, process, score, t, x } from './given'
import type { Callable } from './surface'

/** A function that another gave, by the way to it: `vp().prior.sample`. */
export interface Returned {
  readonly path: string
  readonly call: Callable
}

/** What is left out, and why. */
const left: readonly (readonly [path: RegExp, why: string])[] = [
  [
    /\.step$/,
    'of samplers is mathematics alone: the run that drives it checks what goes in and what comes out',
  ],
  [/\.(draw|note|legend|colorbar)$/, 'of marks: the figure hands over what it laid out'],
  [/\.(load|open)$/, 'of executors and engines: the compiler hands over graphs that it made'],
  [/\.(dispose|close|pull|save|pullVariables|pushVariables)$/, 'take nothing'],
]

const draws = denoising().draw(k, [3, 2])

/** Arguments that such functions work with, by the ends of their paths. */
const calls: readonly (readonly [path: RegExp, given: () => readonly unknown[]])[] = [
  [/(denoising|Matching|Bound|Classification|licit|sliced\w*|Sliced)\(\)\.draw$/i, () => [k, [3, 2]]],
  [/\.evaluate$/, () => [score, x, draws]],
  [/(atches|stream)\(\)$|\.epoch$/, () => [0]],
  [/\.bytes$/, () => [new Int32Array([0])]],
  [/fileSource\(\)\.read$/, () => [[0], 4]],
  [/importanceTimes\(\)$/, () => [process, 0.1, 1]],
  [
    /\.(quantile|density|drift|diffusion|marginal)$|(warmUp|inverseRootDecay|reverseCoefficients)\(\)$/,
    () => [0.5],
  ],
  [/(\.g|G)rid$|(Grid|toZero)\(\)$/, () => [process, { steps: 2 }]],
  [/\.(marginalAt|timestep)$/, () => [t]],
  [/prior\.sample$/, () => [k, [2, 2]]],
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
  [/mlp\(\)\.apply$/, () => [parameters, x, t]],
  [/([gG]rad|compile)\(\)$/, () => [x]],
  [/Log\(\)$/, () => [{ step: 1, loss: 1 }]],
  [/Store\(\)\.save$/, () => [new Uint8Array(2), 1]],
  [/paced\(\)\.each$/, () => [2, () => 0]],
  [/block$/, () => ['time']],
  [/labelLogLikelihood\(\)$/, () => [x, t]],
  [/\(\)$|\.score$/, () => [x, t]],
]

/** Arguments that one works with, as far as is known. */
export function callOf(path: string): readonly unknown[] {
  return calls.find(([end]) => end.test(path))?.[1]() ?? []
}

/** The functions that a result is or holds, two deep. */
export function returnedOf(name: string, result: unknown): readonly Returned[] {
  const found: Returned[] = []
  const seen = new Set<unknown>()
  const walk = (value: unknown, path: string, holder: unknown, depth: number): void => {
    if (!isHolder(value) || seen.has(value)) return
    seen.add(value)
    if (typeof value === 'function')
      found.push({ path, call: (...given) => Reflect.apply(value, holder, given) })
    if (depth === 0) return
    for (const [member, held] of Object.entries(value)) walk(held, `${path}.${member}`, value, depth - 1)
  }
  walk(result, `${name}()`, undefined, 2)
  return found.filter(({ path }) => !left.some(([end]) => end.test(path)))
}

/** Anything that may hold functions; tensors and numbers hold none. */
function isHolder(value: unknown): value is Callable | object {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !('dtype' in value)
}
