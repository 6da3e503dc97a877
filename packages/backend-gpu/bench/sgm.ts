import { sdeDenoising } from '@sgm/losses'
import { eulerMaruyama, predictorCorrector, type Sampler, sample } from '@sgm/samplers'
import { vp } from '@sgm/sde'
import {
  compile,
  conv2d,
  dispose,
  type Executor,
  type Key,
  key,
  matMul,
  normal,
  type Tensor,
  tensorsIn,
  uniform,
} from '@sgm/tensor'
import { train } from '@sgm/train'
import { convGradients, convolution, imagesOf, squares } from './functions'
import { networkOf, perceptron } from './networks'
import type { Job, Makers, WorkOf } from './work'

/** Our own work on a device: compiled by an executor, or eager where there is none. */
export function sgm({ queue }: GPUDevice, executor: Executor | undefined): Makers {
  const compiled = executor && { executor }

  async function call<A extends readonly (Tensor | Key)[]>(
    { calls }: { readonly calls: number },
    fn: (...args: A) => unknown,
    args: A,
  ): Promise<Job> {
    const ready = compile(fn, compiled)
    return {
      async run() {
        for (let i = 0; i < calls; i++) dispose(tensorsIn(await ready(...args)))
        await queue.onSubmittedWorkDone()
      },
      async dispose() {
        await ready.dispose()
        dispose(tensorsIn(args))
      },
    }
  }

  async function training(work: WorkOf<'mlp-step' | 'unet-step'>): Promise<Job> {
    const { model, shape } = networkOf(work)
    const x = normal(key(0), shape)
    const run = train({
      model,
      loss: sdeDenoising(),
      data: () => x,
      steps: 2 ** 31 - 1,
      key: key(1),
      reportEvery: work.calls,
      ...(executor && { compile: executor }),
    })
    const each = run[Symbol.asyncIterator]()
    return {
      // The report reads the losses, for which the device must be done.
      run: () => each.next(),
      async dispose() {
        await each.return?.()
        run.dispose()
        x.dispose()
      },
    }
  }

  const sampling =
    (sampler: Sampler) =>
    async (work: WorkOf<'euler-maruyama' | 'predictor-corrector'>): Promise<Job> => {
      const model = perceptron(work)
      const parameters = model.init(key(0))
      const score = compile((x: Tensor, t: Tensor) => model.apply(parameters, x, t), compiled)
      const problem = { process: vp(), score }
      const options = { shape: [work.batch, 2], steps: work.calls, finite: false, denoise: 'none' } as const
      return {
        async run() {
          dispose([await sample(problem, sampler, { key: key(1), ...options })])
          await queue.onSubmittedWorkDone()
        },
        async dispose() {
          await score.dispose()
          dispose(parameters)
        },
      }
    }

  return {
    'mlp-step': training,
    'unet-step': training,
    async 'unet-score'(work) {
      const { model, shape } = networkOf(work)
      const parameters = model.init(key(0))
      const score = (x: Tensor, t: Tensor) => model.apply(parameters, x, t)
      const job = await call(work, score, [normal(key(1), shape), uniform(key(2), [work.batch])])
      return {
        ...job,
        async dispose() {
          await job.dispose?.()
          dispose(parameters)
        },
      }
    },
    conv: (work) => call(work, conv2d, convolution(work)),
    'conv-gradients': (work) =>
      call(work, convGradients, [...convolution(work), normal(key(2), imagesOf(work))]),
    matmul: (work) => call(work, matMul, squares(work)),
    'euler-maruyama': sampling(eulerMaruyama()),
    'predictor-corrector': sampling(predictorCorrector()),
    normals: (work) => call(work, (k: Key) => normal(k, [work.count]), [key(0)]),
  }
}
