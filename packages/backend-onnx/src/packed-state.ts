import type { TypedArray } from '@sgm/tensor'
import { type HostExecutor, mapFamily, sizeOf } from '@sgm/tensor/compile'
import { packUpdates } from './pack'

/** The executor that updates small variables together, as {@link packUpdates} writes it; from outside they are as they were. */
export function packingUpdates(host: HostExecutor): HostExecutor {
  return {
    name: host.name,
    async load(graph, variables, family) {
      const { graph: packed, held } = packUpdates(graph)
      const places = new Map(graph.variables.map(({ value }, i) => [value.id, i]))
      const pack = (values: readonly TypedArray[]): TypedArray[] =>
        held.map((parts) => joined(parts.map(({ id }) => values[places.get(id)!]!)))
      const packedFamily = family && mapFamily(family, (other) => packUpdates(other).graph)
      const executable = await host.load(packed, pack(variables), packedFamily)
      return {
        run: (inputs) => executable.run(inputs),
        async readVariables() {
          const values = await executable.readVariables()
          const apart: TypedArray[] = []
          for (const [i, parts] of held.entries()) {
            let begin = 0
            for (const { id, shape } of parts) {
              apart[places.get(id)!] = values[i]!.subarray(begin, begin + sizeOf(shape))
              begin += sizeOf(shape)
            }
          }
          return apart
        },
        writeVariables: (values) => executable.writeVariables(pack(values)),
        dispose: () => executable.dispose(),
      }
    },
  }
}

function joined(parts: readonly TypedArray[]): TypedArray {
  const [first] = parts as [TypedArray]
  if (parts.length === 1) return first
  const Values = first.constructor as new (length: number) => TypedArray
  const values = new Values(parts.reduce((total, { length }) => total + length, 0))
  let begin = 0
  for (const part of parts) {
    values.set(part, begin)
    begin += part.length
  }
  return values
}
