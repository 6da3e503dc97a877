/** What was used last, by name: at most so many. */
export class Recent<T> {
  readonly #limit: number
  /** In the order of their last use. */
  readonly #entries = new Map<string, T>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts as a use. */
  get(name: string): T | undefined {
    const known = this.#entries.get(name)
    if (known !== undefined) {
      this.#entries.delete(name)
      this.#entries.set(name, known)
    }
    return known
  }

  /** Adds what is not there yet. */
  add(name: string, value: T): void {
    this.#entries.set(name, value)
  }

  values(): T[] {
    return [...this.#entries.values()]
  }

  /** Takes out what was used the longest ago, until there is room for one more. */
  makeRoom(): T[] {
    return this.#takeOut(this.#entries.size - this.#limit + 1)
  }

  clear(): T[] {
    return this.#takeOut(this.#entries.size)
  }

  #takeOut(count: number): T[] {
    const oldest = [...this.#entries].slice(0, Math.max(0, count))
    for (const [name] of oldest) this.#entries.delete(name)
    return oldest.map(([, value]) => value)
  }
}
