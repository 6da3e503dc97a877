import { type KernelName, type Node, type Reductions, reducedAxes } from '@sgm/tensor/compile'
import { Place } from '../wgsl/place'
import { wgslType } from '../wgsl/types'
import type { Folding, Rules } from './rule'

type Steps = Omit<Folding, 'axes'>

/** A call whose axes are in the attribute `axis`. */
type Axed = Node<'All' | 'Any' | 'Mean' | 'Min' | 'Prod' | 'Sum' | 'ArgMax' | 'ArgMin'>

const fold = (steps: (node: Axed) => Steps) =>
  ({
    kind: 'fold',
    folding: (node: Axed): Folding => ({
      axes: reducedAxes(node.inputs, node.attributes.axis),
      ...steps(node),
    }),
  }) as const

const typeOf = ({ outputs }: Pick<Node<KernelName>, 'outputs'>): string => wgslType(outputs[0]!.dtype)

const sum = (node: Axed): Steps => ({
  first: () => `${typeOf(node)}(0)`,
  step: (_w, total, element) => `${total} + ${element}`,
})

const mean = ({ inputs }: Axed): Steps => {
  const float = (element: string): string => (inputs.x.dtype === 'float32' ? element : `f32(${element})`)
  return {
    first: () => '0.0',
    step: (_w, total, element) => `${total} + ${float(element)}`,
    last: (_w, total, count) => `${total} / f32(${count})`,
  }
}

/** Largest or smallest; of floats that are no numbers there is no largest. */
const extreme = (largest: boolean, dtype: 'float32' | 'int32' | 'bool'): Steps => {
  const [helper, plain] = largest ? (['maximum', 'max'] as const) : (['minimum', 'min'] as const)
  if (dtype === 'float32') {
    return {
      first: (w) => w.call('infinity', largest ? '0x80000000u' : '0u'),
      step: (w, total, element) => w.call(helper, total, element),
    }
  }
  const least = dtype === 'int32' ? (largest ? 'i32(-2147483647 - 1)' : '2147483647') : largest ? '0u' : '1u'
  return { first: () => least, step: (_w, total, element) => `${plain}(${total}, ${element})` }
}

/** The first of the largest or smallest, as which NaN counts. */
const best = (operator: '>' | '<', { inputs }: Axed): Steps => ({
  ...extreme(operator === '>', inputs.x.dtype),
  better: (w, one, other) =>
    inputs.x.dtype === 'float32'
      ? `(!${w.call('is_nan', other)} && (${w.call('is_nan', one)} || ${one} ${operator} ${other}))`
      : `${one} ${operator} ${other}`,
})

/** Kernels that fold axes away. */
export const reductions: Rules<Reductions> = {
  All: fold(() => extreme(false, 'bool')),
  Any: fold(() => extreme(true, 'bool')),
  ArgMax: fold((node) => best('>', node)),
  ArgMin: fold((node) => best('<', node)),
  Max: {
    kind: 'fold',
    folding: ({ inputs, attributes }) => ({
      axes: reducedAxes(inputs, attributes.reductionIndices),
      ...extreme(true, inputs.x.dtype),
    }),
  },
  Mean: fold(mean),
  Min: fold(({ inputs }) => extreme(false, inputs.x.dtype)),
  Prod: fold((node) => ({
    first: () => `${typeOf(node)}(1)`,
    step: (_w, total, element) => `${total} * ${element}`,
  })),
  Sum: fold(sum),
  TopK: {
    kind: 'direct',
    // The k-th largest is the one of which k are larger, or as large and earlier.
    element({ w, read }, { inputs: { x }, outputs }, output, at) {
      const coordinates = at.coordinates(w)
      const length = w.size(x.shape.at(-1)!)
      const type = wgslType(x.dtype)
      const along = (k: string): string => read(x, Place.at(x.shape, [...coordinates.slice(0, -1), k]))
      const found = w.variable('u32', '0u')
      w.loop(length, (i) => {
        const one = along(i)
        const rank = w.variable('u32', '0u')
        w.loop(length, (j) => {
          const other = along(j)
          w.line(`${rank} += select(0u, 1u, ${other} > ${one} || (${other} == ${one} && ${j} < ${i}));`)
        })
        w.line(`if (${rank} == ${coordinates.at(-1)}) { ${found} = ${i}; }`)
      })
      return output.id === outputs[1]!.id ? `i32(${found})` : w.let(type, along(found))
    },
  },
}
