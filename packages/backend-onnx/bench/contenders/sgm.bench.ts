import { compile, dispose, type Executor, type Tensor } from '@sgm/tensor'
import type { KeepingExecutor } from '@sgm/tensor/compile'
import { type Contender, prepared } from '../measure'
import { subjectOf } from '../subjects.bench'
import { NotOffered, type Work } from '../work'

/** sgm's functions, compiled or (without an executor) called one operation after another on tfjs's kernels and those that sgm repairs. */
export function sgm(name: string, threads: number, executor?: Executor): Contender {
  const prepare = async (work: Work) => {
    const { fn, args, drive, drawn } = subjectOf(work)
    const call = compile(fn, executor ? { executor } : {})
    const once = async (): Promise<number> => {
      const y = await call(...args)
      const [value] = await y.data()
      y.dispose()
      return value!
    }
    const run = async (): Promise<number | undefined> => {
      const value = await (drive ? drive(call) : once())
      return drawn ? undefined : value
    }
    const release = async (): Promise<void> => {
      await call.dispose()
      dispose([...args])
    }
    return prepared({ run, dispose: release })
  }
  return { name, threads, prepare }
}

/** Samplers whose steps are compiled whole, by programs that runs share. */
export function sgmSteps(name: string, threads: number, executor: KeepingExecutor): Contender {
  const prepare = async (work: Work) => {
    const { fn, args, drive, drawn } = subjectOf(work)
    if (!drive) throw new NotOffered()
    // The same function in every run: others would have programs of their own.
    const score = (x: Tensor, t: Tensor): Tensor => fn(x, t)
    const run = async (): Promise<number | undefined> => {
      const value = await drive(score, { compile: executor })
      return drawn ? undefined : value
    }
    const release = async (): Promise<void> => {
      await executor.dispose()
      dispose([...args])
    }
    return prepared({ run, dispose: release })
  }
  return { name, threads, prepare }
}
