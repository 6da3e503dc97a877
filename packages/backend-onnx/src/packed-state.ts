import type { TypedArray } from '@sgm/tensor'
import { type HostExecutor, mapFamily, sizeOf, type Value } from '@sgm/tensor/compile'
import { joined } from './joined'
import { type Packing, packUpdates } from './pack'

/** The executor that updates small variables together, as {@link packUpdates} writes it; from outside they are as they were. */
export function packingUpdates(host: HostExecutor, packing?: Packing): HostExecutor {
  return {
    name: host.name,
    async load(graph, variables, family) {
      const { graph: packed, held } = packUpdates(graph, packing)
      const places = new Map(graph.variables.map(({ value }, i) => [value.id, i]))
      const pack = (values: readonly TypedArray[]): TypedArray[] =>
        held.map((parts) => joined(parts.map(({ id }) => values[places.get(id)!]!)))
      const packedFamily = family && mapFamily(family, (other) => packUpdates(other, packing).graph)
      const executable = await host.load(packed, pack(variables), packedFamily)
      return {
        run: (inputs) => executable.run(inputs),
        async readVariables(wanted) {
          const isWanted = ({ id }: Value): boolean => !wanted || wanted.has(places.get(id)!)
          const states = held.flatMap((parts, i) => (parts.some(isWanted) ? [i] : []))
          const values = await executable.readVariables(new Set(states))
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
