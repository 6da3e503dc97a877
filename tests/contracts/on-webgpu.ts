/** Samplers whose loops differ: of one draw a step, of errors read at each, of shares accepted, of steps within a step. */
export const loops = ['euler-maruyama', 'ode-rk45', 'hmc', 'annealed-langevin']
/** A loss over times, and one of second derivatives by probes. */
export const losses = ['sdeDenoising', 'sliced']

/** Names by which suites are called: in quotes where they are read off an object. */
const named = (names: readonly string[]): string => `^'?(${names.join('|')})'? `

/** What of the contracts does not take a GPU in software minutes, on eager tensors of WebGPU; and attention, which pages train networks with. */
export const inPages =
  /any batch size|finite differences|alone and evaluates|^(mlp|dit with classes) compiled/

/** One of each kind in Node: what computes there is what computes in pages. */
export const inNode = new RegExp(
  `${named(loops)}.*any batch size|${named(losses)}.*(finite differences|alone and evaluates)|^mlp compiled`,
)

/** Whether a running test is one of {@link inNode}. @param path What vitest calls it, from its suite on. */
export const isInNode = (path: string | undefined): boolean =>
  inNode.test((path ?? '').replaceAll(' > ', ' '))
