import type { NamedTensors } from '@sgm/tensor'
import { checkTensors, expected, objectOf } from '@sgm/tensor/check'
import { shapesOf } from '../networks/network'
import type { Network } from '../types'
import { fromTorch } from './torch'

/** Parts of residual and attention blocks, ours and the reference's. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  norm1: ['GroupNorm_0'],
  conv1: ['Conv_0'],
  time: ['Dense_0'],
  norm2: ['GroupNorm_1'],
  conv2: ['Conv_1'],
  shortcut: ['Conv_2', 'NIN_0'],
  norm: ['GroupNorm_0'],
  query: ['NIN_0'],
  key: ['NIN_1'],
  value: ['NIN_2'],
  output: ['NIN_3'],
}
const partPattern = (): RegExp =>
  new RegExp(`^(.+\\.(?:block|sample|attention))\\.(${Object.keys(PARTS).join('|')})\\.(weight|bias)$`)

/**
 * Parameters for {@link ddpm}, {@link ddpmpp} or {@link ncsnpp} from the state of the reference PyTorch code's models
 * (https://github.com/yang-song/score_sde_pytorch), with or without the prefix `module.`. Fresh tensors, the caller's
 * to dispose.
 *
 * The reference numbers its modules in the order of making, `all_modules.<k>`, which is the order of our parameters;
 * inside a module `GroupNorm_0, Conv_0, Dense_0, GroupNorm_1, Conv_1, Conv_2 (or NIN_0)` are our `norm1, conv1, time,
 * norm2, conv2, shortcut`, and `GroupNorm_0, NIN_0 … NIN_3` our `norm, query, key, value, output`. The buffer `sigmas`
 * is left out.
 *
 * @param network Of the configuration that the checkpoint was trained with, without classes; for its `ddpm` with
 * `upAttention: 'last'`.
 * @param tensors By their names in score_sde's checkpoint.
 * @throws RangeError when a parameter is missing or of another shape, or a tensor is left.
 * @example
 * const network = ddpmpp({ size: 32, channels: 3 })
 * const load = (tensors: NamedTensors) => fromScoreSde(network, tensors)
 */
export function fromScoreSde(network: Network, tensors: NamedTensors): NamedTensors {
  const shapes = shapesOf('fromScoreSde', network)
  checkTensors('fromScoreSde', objectOf('fromScoreSde', tensors, 'named tensors'))
  if (Object.hasOwn(shapes, 'classes.table'))
    throw expected('fromScoreSde', 'a network without classes', 'classes')
  const pattern = partPattern()
  const modules = new Map<string, number>()
  const addresses = new Map<string, readonly string[]>()
  for (const name of Object.keys(shapes)) {
    const [, block, part, kind] = pattern.exec(name) ?? []
    const end = name.lastIndexOf('.')
    const module = block ?? name.slice(0, end)
    if (!modules.has(module)) modules.set(module, modules.size)
    const at = `all_modules.${modules.get(module)}`
    const inner = part
      ? PARTS[part]!.flatMap((theirs) => [`${theirs}.${kind}`, `${theirs}.${kind === 'weight' ? 'W' : 'b'}`])
      : whole(name.slice(end + 1))
    addresses.set(
      name,
      inner.map((theirs) => `${at}.${theirs}`),
    )
  }
  const prefix = Object.keys(tensors).some((name) => name.startsWith('module.')) ? 'module.' : ''
  const names = (name: string): string[] => addresses.get(name)!.map((address) => prefix + address)
  return fromTorch('fromScoreSde', shapes, tensors, names, [`${prefix}sigmas`])
}

/** What a module that is no block may call its only layer. */
const whole = (leaf: string): readonly string[] =>
  leaf === 'frequencies' ? ['W'] : [leaf, `Conv_0.${leaf}`, `Conv2d_0.${leaf}`]
