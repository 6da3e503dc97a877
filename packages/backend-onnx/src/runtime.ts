import type * as Ort from 'onnxruntime-common'

/** The part of ONNX Runtime that both of its packages share. */
export interface Runtime {
  readonly ort: Pick<typeof Ort, 'InferenceSession' | 'Tensor'>
  /** Whether results can be written into buffers given beforehand. */
  readonly writesInPlace: boolean
}

/** Which package to use. */
export type RuntimeName = 'node' | 'web'

/**
 * Loads ONNX Runtime: `onnxruntime-node` in Node, `onnxruntime-web` in browsers.
 *
 * @throws Error that says what to install, when the package is not there.
 */
export async function loadRuntime(name: RuntimeName = isNode() ? 'node' : 'web'): Promise<Runtime> {
  const packageName = name === 'node' ? 'onnxruntime-node' : 'onnxruntime-web'
  try {
    const loaded = (
      name === 'node' ? await import('onnxruntime-node') : await import('onnxruntime-web')
    ) as unknown
    const { default: inner } = loaded as { default?: Runtime['ort'] }
    const ort = inner?.InferenceSession ? inner : (loaded as Runtime['ort'])
    return { ort, writesInPlace: name === 'node' }
  } catch (error) {
    throw new Error(
      `onnx: expected the package ${packageName} to be installed (npm install ${packageName})`,
      {
        cause: error,
      },
    )
  }
}

function isNode(): boolean {
  return typeof process !== 'undefined' && Boolean(process.versions?.node)
}
