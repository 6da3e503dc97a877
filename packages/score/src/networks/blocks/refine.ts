import { add, elu, maxPool2d, type Tensor, tidy } from '@sgm/tensor'
import { type Block, parametersOf } from './block'
import { conv } from './conv'
import { resizeCorners } from './resize-corners'

/** Shape of a block of RefineNet. */
export interface RefineOptions {
  /** Channels of each input, the finest first. */
  readonly inputs: readonly number[]
  readonly outputs: number
  /** Residual units after the pooling. */
  readonly units: number
}

/**
 * A block of RefineNet (Lin et al. 2017, figure 3; Song and Ermon 2019, appendix A), with ELU and max pooling: each
 * input through two residual units, all brought to the size of the first and summed, chained residual pooling, and
 * residual units.
 *
 * Parameters `<name>.adapt.<input>.<unit>.<0 or 1>.weight`, `<name>.fuse.<input>.{weight,bias}` where there are
 * several inputs, `<name>.pool.<0 or 1>.weight`, `<name>.output.<unit>.<0 or 1>.weight`.
 */
export function refine(
  name: string,
  { inputs, outputs, units }: RefineOptions,
): Block<[first: Tensor, ...others: Tensor[]]> {
  const adapted = inputs.map((channels, i) => residualUnits(`${name}.adapt.${i}`, channels, 2))
  const fused =
    inputs.length > 1
      ? inputs.map((channels, i) => conv(`${name}.fuse.${i}`, { inputs: channels, outputs }))
      : []
  const pooled = chainedPooling(`${name}.pool`, outputs)
  const after = residualUnits(`${name}.output`, outputs, units)
  return {
    parameters: parametersOf(...adapted, ...fused, pooled, after),
    apply: (p, first, ...others) =>
      tidy(() => {
        const size = first.shape[1]!
        const paths = [first, ...others].map((x, i) => adapted[i]!.apply(p, x))
        const sum =
          paths.length === 1
            ? paths[0]!
            : paths.map((x, i) => resizeCorners(fused[i]!.apply(p, x), size)).reduce((a, b) => add(a, b))
        return after.apply(p, pooled.apply(p, sum))
      }),
  }
}

/** Times x + conv(elu(conv(elu x))), by 3×3 convolutions without bias. */
function residualUnits(name: string, channels: number, units: number): Block {
  const layer = (at: string) => conv(`${name}.${at}`, { inputs: channels, outputs: channels, bias: false })
  const pairs = Array.from({ length: units }, (_, i) => [layer(`${i}.0`), layer(`${i}.1`)] as const)
  return {
    parameters: parametersOf(...pairs.flat()),
    apply: (p, x) =>
      pairs.reduce((h, [first, second]) => add(second.apply(p, elu(first.apply(p, elu(h)))), h), x),
  }
}

/** x + the sum of a path that is pooled (5×5) and convolved twice. */
function chainedPooling(name: string, channels: number): Block {
  const layers = [0, 1].map((i) => conv(`${name}.${i}`, { inputs: channels, outputs: channels, bias: false }))
  return {
    parameters: parametersOf(...layers),
    apply: (p, x) => {
      let sum = elu(x)
      let path = sum
      for (const layer of layers) {
        path = layer.apply(p, maxPool2d(path, 5, { stride: 1, padding: 'same' }))
        sum = add(path, sum)
      }
      return sum
    },
  }
}
