import { onnxEngine } from '@sgm/backend-onnx'
import { bestEngine, capabilities, type EngineChoice } from '@sgm/tensor'
import { versions } from '../versions'

/** Something that may be here or not. */
export type Found =
  | { readonly available: true; readonly description: string }
  | { readonly available: false; readonly reason: string }

/** What {@link machineInfo} finds. */
export interface MachineInfo {
  readonly versions: Readonly<Record<string, string>>
  /** What networks can be compiled for: by `--device cpu`, `--device gpu`. */
  readonly engines: { readonly onnx: Found; readonly gpu: Found }
  /** The GPU's limits that matter to models, in bytes and counts; absent where there is none. */
  readonly limits?: Readonly<Record<string, number>>
  /** Backends of tensors that are not compiled. */
  readonly backends: Readonly<Record<string, Found>>
  /** The engine that is best here. */
  readonly best: string
}

/**
 * Tells what the command can run on here.
 *
 * @example
 * const { versions } = await machineInfo()
 */
export async function machineInfo(): Promise<MachineInfo> {
  const { gpuEngine } = await import('@sgm/backend-gpu')
  const gpu = await gpuEngine({ software: true })
    .open()
    .catch((error: Error) => error)
  const limits = 'gpu' in gpu ? limitsOf(gpu.gpu.limits) : undefined
  const found: Found =
    'gpu' in gpu
      ? { available: true, description: `${gpu.description}${gpu.gpu.software ? ', in software' : ''}` }
      : { available: false, reason: gpu.message }
  if ('gpu' in gpu) await gpu.close()
  const { backends, tfjs } = await capabilities()
  const best = await bestEngine([gpuEngine(), onnxEngine()])
  await best.close()
  return {
    versions: { ...versions(), tfjs },
    engines: { onnx: await look(onnxEngine()), gpu: found },
    ...(limits && { limits }),
    backends: Object.fromEntries(
      Object.entries(backends).map(([name, it]) => [name, it.available ? { ...it, description: 'yes' } : it]),
    ),
    best: `${best.name}: ${best.description}`,
  }
}

async function look({ open }: EngineChoice): Promise<Found> {
  try {
    const { description, close } = await open()
    await close()
    return { available: true, description }
  } catch (error) {
    return { available: false, reason: (error as Error).message }
  }
}

const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const

function limitsOf(given: GPUSupportedLimits): Readonly<Record<string, number>> {
  return Object.fromEntries(limits.map((name) => [name, given[name]]))
}

/** {@link MachineInfo} as text. */
export function describeMachine({ versions, engines, limits, backends, best }: MachineInfo): string {
  const said = (it: Found) => (it.available ? it.description : `no: ${it.reason}`)
  const rows: [string, string][] = [
    ...Object.entries(versions),
    ['--device cpu', said(engines.onnx)],
    ['--device gpu', said(engines.gpu)],
    ...Object.entries(limits ?? {}).map(([name, value]): [string, string] => [`  ${name}`, String(value)]),
    ...Object.entries(backends).map(([name, it]): [string, string] => [`eager ${name}`, said(it)]),
    ['best', best],
  ]
  return rows.map(([name, value]) => `${name.padEnd(36)}${value}`).join('\n')
}
