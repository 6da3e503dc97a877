import { add, silu, type Tensor } from '@sgm/tensor'
import type { Condition, Network } from '../types'
import { type Block, parametersOf } from './blocks/block'
import { classEmbedding, refuseCondition } from './blocks/class-embedding'
import { gaussian } from './blocks/initializers'
import { linear } from './blocks/linear'
import { fromPatches, type PatchOptions, patches } from './blocks/patches'
import { transformerBlock, transformerHead } from './blocks/transformer'
import { imageNetwork } from './image-network'
import type { TimeEmbedding } from './time-embedding'

/** Everything in which DiT and that of diffusers differ. */
export interface TransformerPlan extends PatchOptions {
  readonly outputs: number
  readonly depth: number
  readonly heads: number
  readonly hidden: number
  readonly classes?: number | undefined
  /** Features of t. */
  readonly time: TimeEmbedding
  /** Whether the blocks share one embedding of the time and the class, or have one each. */
  readonly shared: boolean
  /** Of the normalisations before feed-forward layers. */
  readonly epsilon: number
  /** The most parameters. */
  readonly limit?: number | undefined
}

/** The transformer of a plan. */
export function transformer(where: string, plan: TransformerPlan): Network {
  const { size, channels, outputs, patch, width, depth, shared, limit } = plan
  const cut = patches('patches', plan)
  const tell = shared ? [condition('', plan)] : range(depth).map((i) => condition(`blocks.${i}.`, plan))
  const blocks = range(depth).map((i) => transformerBlock(`blocks.${i}`, plan))
  const head = transformerHead('output', { width, outputs: patch * patch * outputs })
  const parameters = parametersOf(cut, ...tell, ...blocks, head)
  return imageNetwork(where, { size, channels, limit }, parameters, (p, x, t, label) => {
    if (plan.classes === undefined) refuseCondition(where, label)
    const told = tell.map((block) => block.apply(p, t, label))
    let h = cut.apply(p, x)
    for (const [i, block] of blocks.entries()) h = block.apply(p, h, told[shared ? 0 : i]!)
    return fromPatches(head.apply(p, h, told[0]!), { size, channels: outputs, patch })
  })
}

/** What the blocks are told: swish of the embedded time and class, `[B, width]`. */
function condition(
  prefix: string,
  { time, width, classes }: TransformerPlan,
): Block<[t: Tensor, label: Condition | undefined]> {
  const features = time.block(`${prefix}time`)
  const initial = gaussian(0.02)
  const linear1 = linear(`${prefix}time.linear1`, { inputs: time.size, outputs: width, initial })
  const linear2 = linear(`${prefix}time.linear2`, { inputs: width, outputs: width, initial })
  const labels = classes === undefined ? undefined : classEmbedding(`${prefix}classes`, classes, width)
  return {
    parameters: parametersOf(features, linear1, linear2, labels),
    apply: (p, t, label) => {
      const told = linear2.apply(p, silu(linear1.apply(p, features.apply(p, t))))
      return silu(labels ? add(told, labels.apply(p, label)) : told)
    },
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
