import { type Graph, type HostExecutor, interpreter } from '@sgm/tensor/compile'
import { SharedGraph, ShareSession } from '../crew-session'
import type { Feed } from '../platform/crew'
import { sharesOf } from '../shares'

/** Works on each example of a batch for itself, one after the other, and leaves graphs whole that cannot be worked on so. */
export function shared(onShared: (graph: Graph) => void = () => {}): HostExecutor {
  return {
    name: 'shared',
    async load(graph, variables) {
      const batch = graph.inputs[0]?.shape[0] ?? 1
      const shares = sharesOf(graph, batch, batch)
      if (!shares) return interpreter.load(graph, variables)
      onShared(graph)
      const inputs = shares.share.inputs.map((_, i) => `${i}`)
      const outputs = shares.share.outputs.map((_, i) => `${i}`)
      const share = await ShareSession.open(shares, { inputs, outputs }, batch, async (common) => {
        const members = await Promise.all(
          Array.from({ length: batch }, () => interpreter.load(shares.share, [])),
        )
        const fed = new Map<string, Feed>()
        return {
          run: (feeds, areNew) => {
            if (areNew) for (const feed of common) fed.set(feed.name, { ...feed, data: feed.data.slice() })
            return Promise.all(
              members.map(async (member, i) => {
                const all = new Map([...fed, ...feeds[i]!.map((feed) => [feed.name, feed] as const)])
                const values = await member.run(inputs.map((name) => all.get(name)!.data))
                return Object.fromEntries(outputs.map((name, j) => [name, values[j]!]))
              }),
            )
          },
          release: async () => {
            await Promise.all(members.map((member) => member.dispose()))
          },
        }
      })
      const rest = shares.rest && (await interpreter.load(shares.rest, variables))
      const executable = new SharedGraph(graph, batch, shares, share, rest)
      await executable.writeVariables(variables)
      return executable
    },
  }
}
