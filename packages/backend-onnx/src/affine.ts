/** Whole numbers that depend on the batch size B: `constant + slope · B`, one by one. */
export interface Affine {
  readonly constant: readonly number[]
  readonly slope: readonly number[]
}

/** A list of whole numbers at one batch size. */
export interface ListAtBatch {
  readonly batch: number
  readonly list: readonly number[]
}

/** The rule behind the same list at three batch sizes or more; undefined when there is none. */
export function affine(versions: readonly ListAtBatch[]): Affine | undefined {
  const [a, b] = versions as [ListAtBatch, ListAtBatch]
  const slope = a.list.map((value, i) => (b.list[i]! - value) / (b.batch - a.batch))
  const constant = a.list.map((value, i) => value - slope[i]! * a.batch)
  const rule = { constant, slope }
  return slope.every(Number.isInteger) && versions.every((version) => follows(rule, version))
    ? rule
    : undefined
}

/** Whether a list is what the rule says. */
export function follows({ constant, slope }: Affine, { batch, list }: ListAtBatch): boolean {
  return (
    list.length === constant.length && list.every((value, i) => value === constant[i]! + slope[i]! * batch)
  )
}
