import { expected } from '@sgm/tensor/check'
import { type ImageSet, labelled } from '../images/image-set'
import { recordSet } from './records'
import { type ByteSource, joined } from './source'

const PIXELS = 32 * 32 * 3

/** Records read at a time when the labels are collected. */
const AT_ONCE = 1000

/** The number of classes by the length of the file, or none where it is no CIFAR file. */
export function cifarClasses(length: number): 10 | 100 | undefined {
  if (length > 0 && length % (PIXELS + 1) === 0) return 10
  if (length > 0 && length % (PIXELS + 2) === 0) return 100
  return undefined
}

/**
 * The images of a binary CIFAR file: records of one label byte (CIFAR-10) or two (CIFAR-100: coarse, fine; the fine one
 * is taken), then 32×32 red, green and blue bytes.
 *
 * Krizhevsky 2009, "Learning multiple layers of features from tiny images".
 */
export async function cifarImages(
  where: string,
  sources: readonly ByteSource[],
  classes: 10 | 100,
  names: readonly string[] | undefined,
): Promise<ImageSet> {
  const first = classes === 10 ? 1 : 2
  const stride = first + PIXELS
  const labels: Uint8Array[] = []
  for (const source of sources) labels.push(await labelsOf(where, source, first, classes))
  const length = labels.reduce((sum, part) => sum + part.length, 0)
  return recordSet(
    where,
    { source: joined(sources), length, shape: [32, 32, 3], first, stride, planar: true },
    labelled(
      where,
      length,
      labels.flatMap((part) => Array.from(part)),
      names ?? Array.from({ length: classes }, (_, i) => String(i)),
    ),
  )
}

async function labelsOf(
  where: string,
  source: ByteSource,
  first: 1 | 2,
  classes: number,
): Promise<Uint8Array> {
  const stride = first + PIXELS
  if (source.length === 0 || source.length % stride !== 0) {
    throw expected(where, `${source.name} to be records of ${stride} bytes`, `${source.length} bytes`)
  }
  const labels = new Uint8Array(source.length / stride)
  for (let from = 0; from < labels.length; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, labels.length - from)
    const records = await source.read([from * stride], count * stride)
    for (let i = 0; i < count; i++) labels[from + i] = records[i * stride + first - 1]!
  }
  const wrong = labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw expected(
      where,
      `${source.name} to hold CIFAR-${classes} labels`,
      `${labels[wrong]} for image ${wrong}`,
    )
  }
  return labels
}
