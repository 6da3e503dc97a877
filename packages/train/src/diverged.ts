/** Thrown when the loss, its gradient or the weights stop being finite. Nothing is saved after such a step. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
  constructor(
    /** The step that went wrong. */
    readonly step: number,
    /** The step of the last checkpoint in the store, 0 where there is none. */
    readonly lastGoodStep: number,
    what: string,
    got: string,
  ) {
    super(
      `train: expected ${what} at step ${step}, got ${got}; ${describeLast(lastGoodStep)}. ` +
        'A lower rate, a warm-up or clip: 1 often mends this',
    )
  }
}

/** What is left of a run that fails. */
export function describeLast(savedStep: number): string {
  return savedStep > 0 ? `the checkpoint of step ${savedStep} is intact` : 'there is no checkpoint yet'
}
