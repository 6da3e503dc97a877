import type { Sharing as Native } from '../sharing'

/** In pages all graphs are worked on whole: there are no threads of the native runtime. */
export class Sharing implements Pick<Native, 'load'> {
  async load(): Promise<undefined> {
    return undefined
  }
}
