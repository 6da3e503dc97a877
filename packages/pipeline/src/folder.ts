import type { OnnxExternalData, OnnxSource } from '@sgm/backend-onnx'
import { expected, expectedType } from '@sgm/tensor'
import { files } from '#files'
import type { PipelineFile, PipelineFiles } from './files/platform'

/** Members of a JSON file. */
export type Json = Readonly<Record<string, unknown>>

/** The files of a pipeline. */
export interface Folder {
  has(path: string): boolean
  /** @throws RangeError when there is none. */
  text(path: string): Promise<string>
  /** @throws RangeError when there is none, or it is not JSON of an object. */
  json(path: string): Promise<Json>
  /** The model of a component, and files with its weights. @throws RangeError when there is none. */
  model(component: string): Promise<{ source: OnnxSource; externalData: readonly OnnxExternalData[] }>
}

/** Reads a folder on disk, or files given one by one. */
export async function folderOf(given: string | URL | PipelineFiles): Promise<Folder> {
  const named = typeof given === 'string' || given instanceof URL
  const all = named ? await files.list(given) : given
  const find = (path: string): PipelineFile => {
    const file = Object.hasOwn(all, path) ? all[path] : undefined
    if (file === undefined) throw expected('openPipeline', `${path}${named ? ` in ${given}` : ''}`, 'none')
    if (typeof file !== 'string' && !(file instanceof URL) && !(file instanceof Uint8Array)) {
      throw expectedType('openPipeline', `${path} as bytes, a path or a URL`, file)
    }
    return file
  }
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await files.read(find(path)))
  return {
    has: (path) => Object.hasOwn(all, path),
    text,
    async json(path) {
      const value = parsed(path, await text(path))
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw expected('openPipeline', `members in ${path}`, value)
      }
      return value as Json
    },
    async model(component) {
      const beside = Object.keys(all).filter(
        (path) => path.startsWith(`${component}/`) && !/\.(onnx|json|txt|md)$/.test(path),
      )
      const data = beside.map(async (path) => ({
        path: path.slice(component.length + 1),
        data: await files.open(find(path)),
      }))
      return {
        source: await files.open(find(`${component}/model.onnx`)),
        externalData: await Promise.all(data),
      }
    },
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RangeError(`openPipeline: expected JSON in ${path}, got what is none`, { cause })
  }
}
