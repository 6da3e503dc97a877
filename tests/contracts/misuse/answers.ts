import * as ops from '@sgm/tensor'
import { dispose, fromNowOn, memory, tensorsIn } from '@sgm/tensor'
import { heirsOf } from './exceptions'
import { lent } from './given'
import type { Mutation } from './mutations'
import { theirs } from './spoilt'
import type { Callable, Exported } from './surface'
import { used } from './used'

/** The words of what lies underneath: of JavaScript, tfjs and Node. */
const INNER =
  /Cannot |is not a function|is not iterable|undefined is not|Invalid (array|typed)|Argument '|Maximum call|must be of type/

/** What is wrong with how a function answers a call; undefined where it works or says what it expected. */
export async function fault(
  call: Callable,
  { given, what, refused }: Mutation,
  isNamed: (error: unknown) => boolean,
): Promise<string | undefined> {
  const before = memory().tensors
  const isNew = fromNowOn()
  let wrong: string | undefined
  try {
    const result = await call(...given)
    try {
      await used(result)
      if (refused) wrong = 'takes it'
    } finally {
      dispose(tensorsIn(result).filter(isNew))
    }
  } catch (error) {
    if (error !== theirs && !isNamed(error)) wrong = `throws ${String(error)}`
  }
  const left = memory().tensors - before
  if (left !== 0) wrong = `leaves ${left} tensors`
  if (lent.some((x) => 'isDisposed' in x && x.isDisposed)) wrong = "frees the caller's tensors"
  return wrong && `${what}: ${wrong.slice(0, 200)}`
}

/** Who an error of the library names: undefined for one in the words of what lies underneath. */
function named(error: unknown): string | undefined {
  if (!(error instanceof Error) || INNER.test(error.message)) return undefined
  const kind = error instanceof RangeError || error instanceof TypeError
  if (!kind && !/: (could not|step|expected) /.test(error.message)) return undefined
  return /^([A-Za-z0-9]+)(?::| of )/.exec(error.message)?.[1]
}

/** The names of what calls are given: a process and its grid, a score, its own and as the argument that it is, and a sampler. */
const GIVEN = ['vp', 'quadraticGrid', 'gaussian', 'score', 'eulerMaruyama']

/** Whether an error begins with the function's name, or with the name of what it was given or hands its arguments to. */
export const isNamedAs =
  ({ name, from }: Exported) =>
  (error: unknown): boolean =>
    [name, ...GIVEN, ...heirsOf(name), ...(from === '@sgm/samplers' ? ['sample'] : [])].includes(
      named(error) ?? '',
    )

/** Whether an error is the library's, and names no operation on tensors that was not called. */
export const isNamedBy =
  ({ from }: Exported) =>
  (error: unknown): boolean => {
    const name = named(error)
    return name !== undefined && (from.startsWith('@sgm/tensor') || !Object.hasOwn(ops, name))
  }
