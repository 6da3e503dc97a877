import type * as Ort from 'onnxruntime-common'

/** Which package to use. */
export type RuntimeName = 'node' | 'web'

/** The part of ONNX Runtime that both of its packages share. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>

/** A package that was found. */
export interface Runtime {
  readonly name: RuntimeName
  readonly ort: OrtModule
}

/** Loads the package asked for, or the platform's own. @throws Error that says what to install, when it is not there. */
export type LoadRuntime = (name?: RuntimeName) => Promise<Runtime>

/** A package as it was imported. */
export function runtime(name: RuntimeName, module: object): Runtime {
  const { default: inner } = module as { default?: OrtModule }
  return { name, ort: inner?.InferenceSession ? inner : (module as OrtModule) }
}

/** What to throw when an import fails. Bundlers let a package be missing where its import stands in a `try`. */
export function missing(name: RuntimeName, cause: unknown): Error {
  const message = `onnx: expected the package onnxruntime-${name} to be installed (npm install onnxruntime-${name})`
  return new Error(message, { cause })
}
