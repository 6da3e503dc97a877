import { compile, dispose, type Executor, type Tensor } from '@sgm/tensor'
import { expectNear } from './near'

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>

/** Holds what an executor makes of a function to what eager code does. @throws Error that says which of the results differs. */
export async function agreesWithEager<T>(
  executor: Executor,
  fn: (x: T) => Named,
  argument: () => T,
  tolerance: number,
): Promise<void> {
  const x = argument()
  const [eager, compiled] = [compile(fn), compile(fn, { executor })]
  const [wanted, got] = [await eager(x), await compiled(x)]
  try {
    for (const [name, x] of Object.entries(wanted)) {
      await expectNear(got[name]!, x, tolerance, 'largest').catch(({ message }) => {
        throw new Error(`${name}: ${message}`)
      })
    }
  } finally {
    dispose([x, wanted, got])
    await compiled.dispose()
  }
}
