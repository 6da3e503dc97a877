import type { Sharing as Native, mergesOf as nativeMergesOf } from '../native'

/** In pages all graphs are worked on whole: there are no threads of the native runtime. */
export class Sharing implements Pick<Native, 'load'> {
  async load(): Promise<undefined> {
    return undefined
  }
}

/** Nor are there its own operators. */
export const mergesOf: typeof nativeMergesOf | undefined = undefined
