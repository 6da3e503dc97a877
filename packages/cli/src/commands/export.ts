import { join } from 'node:path'
import { toOnnx } from '@sgm/backend-onnx'
import { bind } from '@sgm/score'
import { scoped, type Tensor, zeros } from '@sgm/tensor'
import type { Context } from '../context'
import { withRun } from '../run'
import { writeOutput } from '../run-folder'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { path, run } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runExport}. */
export interface RunExportOptions {
  /** The run's folder. */
  readonly run: string
  /** The file to write. @default `score.onnx` in the run's folder */
  readonly onnx?: string
}

/** What {@link runExport} wrote. */
export interface RunExportResult {
  readonly file: string
  readonly bytes: number
  readonly step: number
  /** Names and shapes of the model's inputs and output; `N` is any number. */
  readonly inputs: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * Writes the score of a run's averaged weights as an ONNX model of any batch size: `x` and `t` (and `label`, where the run
 * was trained with labels) to `score`.
 *
 * @example
 * const { file } = await runExport({ run: 'run', onnx: 'score.onnx' })
 */
export async function runExport(options: RunExportOptions, context: Context = {}): Promise<RunExportResult> {
  checkOptions(settings, options)
  const { run: folder, onnx } = options
  return withRun(folder, {}, context, ({ config, model, step, weights }) =>
    scoped(async (own) => {
      const { shape, classes } = config
      const labelled = classes.length > 0
      const x = own(zeros([1, ...shape]))
      const t = own(zeros([1]))
      const label = own(zeros([1], 'int32'))
      const score = (x: Tensor, t: Tensor, label?: Tensor) => bind(model.network, weights, label)(x, t)
      const names = { inputs: labelled ? ['x', 't', 'label'] : ['x', 't'], outputs: ['score'] }
      const content = labelled
        ? await toOnnx((x: Tensor, t: Tensor, label: Tensor) => score(x, t, label), [x, t, label], names)
        : await toOnnx((x: Tensor, t: Tensor) => score(x, t), [x, t], names)
      const file = onnx ?? join(folder, 'score.onnx')
      await writeOutput(file, content)
      const data = `float32 [N, ${shape.join(', ')}]`
      return {
        file,
        bytes: content.length,
        step,
        inputs: { x: data, t: 'float32 [N]', ...(labelled && { label: 'int32 [N]' }) },
        outputs: { score: data },
      }
    }),
  )
}

const settings: SettingsOf<RunExportOptions> = { run, onnx: path('the file (score.onnx in the run)') }

/** `sgm export` */
export const declareExport = onRun({
  name: 'export',
  summary: 'write the score as an ONNX model',
  description: 'Writes the score of the averaged weights as an ONNX model of any batch size.',
  settings,
  run: runExport,
  text: ({ file, bytes, inputs, outputs }: RunExportResult) => {
    const list = (names: Readonly<Record<string, string>>) =>
      Object.entries(names)
        .map((pair) => pair.join(': '))
        .join(', ')
    return `${file}, ${(bytes / 1e6).toFixed(1)} MB: ${list(inputs)} → ${list(outputs)}`
  },
})
