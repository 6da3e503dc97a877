import { basename, join } from 'node:path'
import { toOnnx } from '@sgm/backend-onnx'
import { bind } from '@sgm/score'
import { expected, scoped, type Tensor, zeros } from '@sgm/tensor'
import { averagedCheckpoint } from '@sgm/train'
import { identityOf } from '../config'
import type { Context } from '../context'
import { type OpenRun, withRun } from '../run'
import { readCheckpoint, runFiles, writeConfig, writeOutput } from '../run-folder'
import { checkOptions, type SettingsOf } from '../settings/setting'
import { path, run } from '../settings/shared'
import { onRun } from './command'

/** Options of {@link runExport}. */
export interface RunExportOptions {
  /** The run's folder. */
  readonly run: string
  /** The ONNX model to write. @default `score.onnx` in the run's folder, where `weights` is not given */
  readonly onnx?: string
  /**
   * The folder to write what `loadRun` reads: the configuration and the averaged weights alone, a quarter of a
   * checkpoint, for pages and programs that sample.
   */
  readonly weights?: string
}

/** What {@link runExport} wrote. */
export interface RunExportResult {
  readonly file: string
  readonly bytes: number
  readonly step: number
  /** Names and shapes of the ONNX model's inputs and output; `N` is any number. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
}

/**
 * Writes the score of a run's averaged weights as an ONNX model of any batch size: `x` and `t` (and `label`, where the run
 * was trained with labels) to `score`; or the run itself, without what only training needs.
 *
 * @throws RangeError when the folder holds no trained run, for options that are out of range, or for both kinds at once.
 * @example
 * const { file } = await runExport({ run: 'run', onnx: 'score.onnx' })
 */
export async function runExport(options: RunExportOptions, context: Context = {}): Promise<RunExportResult> {
  checkOptions(settings, options, context)
  const { run: folder, onnx, weights } = options
  if (weights !== undefined && onnx !== undefined) {
    throw expected('sgm', 'one of --onnx and --weights', 'both')
  }
  return withRun(folder, {}, context, (open) =>
    weights === undefined
      ? exportOnnx(open, onnx ?? join(folder, 'score.onnx'))
      : exportWeights(open, folder, weights),
  )
}

/** The run as `loadRun` reads it. What is published tells nobody which folders its maker has. */
async function exportWeights(open: OpenRun, folder: string, to: string): Promise<RunExportResult> {
  const { step } = open
  const config = { ...open.config, data: basename(open.config.data) }
  const notes = { config: JSON.stringify(identityOf(config)) }
  const content = await averagedCheckpoint(await readCheckpoint(folder), notes)
  const file = runFiles(to).checkpoint
  await writeOutput(file, content)
  await writeConfig(to, config)
  return { file, bytes: content.length, step }
}

/** The score as an ONNX model. */
function exportOnnx({ config, model, step, weights }: OpenRun, file: string): Promise<RunExportResult> {
  return scoped(async (own) => {
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
    await writeOutput(file, content)
    const data = `float32 [N, ${shape.join(', ')}]`
    return {
      file,
      bytes: content.length,
      step,
      inputs: { x: data, t: 'float32 [N]', ...(labelled && { label: 'int32 [N]' }) },
      outputs: { score: data },
    }
  })
}

const settings: SettingsOf<RunExportOptions> = {
  run,
  onnx: path('the model (score.onnx in the run)'),
  weights: path('write config.json and the averaged weights alone, for loadRun', 'folder'),
}

/** `sgm export` */
export const declareExport = onRun({
  name: 'export',
  summary: 'write the score as an ONNX model, or the weights alone',
  description:
    'Writes the score of the averaged weights as an ONNX model of any batch size, or the run without what only training needs.',
  settings,
  run: runExport,
  text: ({ file, bytes, inputs, outputs }: RunExportResult) => {
    const list = (names: Readonly<Record<string, string>>) =>
      Object.entries(names)
        .map((pair) => pair.join(': '))
        .join(', ')
    const written = `${file}, ${(bytes / 1e6).toFixed(1)} MB`
    return inputs && outputs ? `${written}: ${list(inputs)} → ${list(outputs)}` : written
  },
})
