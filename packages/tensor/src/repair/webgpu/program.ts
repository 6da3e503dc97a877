import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'

/** What a program is made of. */
interface Code {
  /** Equal for programs of the same code. */
  readonly key: string
  readonly code: string
  /** Its integers, by the names that the code knows them by: `uniforms.name`. */
  readonly integers: Readonly<Record<string, number>>
}

const THREADS = 64

/** What WebGPU guarantees along an axis. */
const MOST_GROUPS = 65_535

/** Workgroups for so many threads, along as many axes as they need. */
function groupsFor(threads: number): [number, number, number] {
  const groups = Math.ceil(threads / THREADS)
  const side = Math.ceil(Math.sqrt(groups))
  return groups <= MOST_GROUPS ? [groups, 1, 1] : [side, side, 1]
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Runs code once for each element of the result, whose place is `index`. */
function run(
  backend: WebGPUBackend,
  operands: Readonly<Record<string, Info>>,
  { shape, dtype }: Pick<Info, 'shape' | 'dtype'>,
  { key, integers, code }: Code,
  functions = '',
): Info {
  return backend.runWebGPUProgram(
    {
      variableNames: Object.keys(operands),
      uniforms: Object.keys(integers)
        .map((name) => `${name} : i32,`)
        .join(' '),
      size: true,
      outputShape: shape,
      workgroupSize: [THREADS, 1, 1],
      dispatchLayout: { x: shape.map((_, i) => i) },
      dispatch: groupsFor(sizeOf(shape)),
      shaderKey: key,
      getUserCode: () =>
        `${functions}\nfn main(index : i32) {\n  if (index >= uniforms.size) { return; }\n  ${code}\n}`,
    },
    Object.values(operands),
    dtype,
    Object.values(integers).map((value) => ({ type: 'int32', data: [value] })),
  )
}

/** Runs code that writes `result[index]` from `x[…]`: both are flat there, whatever their shapes. */
export function runFlat(
  backend: WebGPUBackend,
  x: Info,
  { shape, dtype }: Pick<Info, 'shape' | 'dtype'>,
  code: Code,
): Info {
  const flat = { x: { ...x, shape: [sizeOf(x.shape)] } }
  return { ...run(backend, flat, { shape: [sizeOf(shape)], dtype }, code), shape: [...shape] }
}

/** Runs a function `f` of the elements that meet, of operands that may stretch, by their own types. */
export function runPerElement(
  backend: WebGPUBackend,
  operands: readonly Info[],
  { shape, dtype }: Pick<Info, 'shape' | 'dtype'>,
  { key, code }: Pick<Code, 'key' | 'code'>,
): Info {
  const names = operands.map((_, i) => 'ABC'[i]!)
  const stretch = operands.some((x) => x.shape.join() !== shape.join())
  const places = stretch ? stretched(names, operands, shape) : { integers: {}, code: '' }
  const elements = names.map((name) => `${name}[${stretch ? `at${name}` : 'index'}]`)
  const flat = operands.map((x, i) => [names[i]!, { ...x, shape: [sizeOf(x.shape)] }])
  const out = run(
    backend,
    Object.fromEntries(flat),
    { shape: [sizeOf(shape)], dtype },
    {
      key: stretch ? `${key} ${shape.length}` : key,
      integers: places.integers,
      code: `${places.code} result[index] = f(${elements.join(', ')});`,
    },
    code,
  )
  return { ...out, shape: [...shape] }
}

/** Where each operand has its element for a place of the result: strides of 0 along the axes that stretch. */
function stretched(names: readonly string[], operands: readonly Info[], shape: readonly number[]) {
  const integers: Record<string, number> = {}
  const lines = [`var rest = index; ${names.map((name) => `var at${name} = 0;`).join(' ')}`]
  for (const axis of [...shape.keys()].reverse()) {
    integers[`length${axis}`] = shape[axis]!
    lines.push(`{ let place = rest % uniforms.length${axis}; rest /= uniforms.length${axis};`)
    for (const [i, name] of names.entries()) {
      const own = operands[i]!.shape
      const at = axis - shape.length + own.length
      const isThere = at >= 0 && own[at]! > 1
      integers[`stride${name}${axis}`] = isThere ? sizeOf(own.slice(at + 1)) : 0
      lines.push(`at${name} += place * uniforms.stride${name}${axis};`)
    }
    lines.push('}')
  }
  return { integers, code: lines.join(' ') }
}
