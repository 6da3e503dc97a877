import type { Key, NamedTensors, Shape, Tensor } from '@sgm/tensor'

/**
 * ∇ₓ log p_t(x): x `[B, ...D]`, t `[B]` → `[B, ...D]`. Pure: no randomness, no values read on the host, so that it can be
 * traced and differentiated.
 */
export type ScoreFunction = (x: Tensor, t: Tensor) => Tensor

/** What samplers accept: a {@link ScoreFunction}, or a compiled (asynchronous) one. */
export type Score = (x: Tensor, t: Tensor) => Tensor | Promise<Tensor>

/**
 * What a network is told, a row for each row of x: one tensor, such as class labels (int32 `[B]`), or several by their names, where a network
 * takes several.
 */
export type Condition = Tensor | NamedTensors

/** A family of functions of (x, t), apart from its parameters: parameters, EMA copies and checkpoints are values beside it. */
export interface Network {
  /** Shape of each parameter by name, in the order of `init`. */
  readonly shapes: Readonly<Record<string, Shape>>
  /** Fresh parameters under stable names, the caller's to dispose. */
  init(key: Key): NamedTensors
  /**
   * What a step of training on `count` rows draws for {@link apply}, such as the masks of dropout: tensors by name, whose first axis is `count` and
   * whose row i depends on (key, i) only. Absent where nothing is drawn.
   */
  draw?(key: Key, count: number): NamedTensors
  /**
   * x `[B, ...D]`, t `[B]` → `[B, ...D]`. Pure; may be traced.
   *
   * @param condition What the network is conditioned on. Networks that take none leave it alone.
   * @param draws What {@link draw} gave, in training. Without, as in sampling, nothing is dropped.
   */
  apply(parameters: NamedTensors, x: Tensor, t: Tensor, condition?: Condition, draws?: NamedTensors): Tensor
}
