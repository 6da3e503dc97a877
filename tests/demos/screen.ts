/** What a terminal shows: enough of one for lines, and for bars that are written over from their first letter. */
export class Screen {
  private readonly lines: string[] = ['']
  private readonly fresh = new Set<number>()
  private over = false

  /** Takes text with its control sequences, of which those that move to the first column count. */
  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal hears
    for (const [part] of text.matchAll(/\u001b(?:\[\??\d*[A-Za-z]|[78])|\r|\n|[^\u001b\r\n]+/g)) {
      if (part === '\n') this.lines.push('')
      else if (part === '\r' || part.endsWith('G')) this.over = true
      else if (!part.startsWith('\u001b')) this.type(part)
    }
  }

  /** Lines that are others than when it was last asked. */
  changed(): readonly (readonly [line: number, text: string])[] {
    const all = [...this.fresh].map((line) => [line, this.lines[line]!.trimEnd()] as const)
    this.fresh.clear()
    return all
  }

  private type(text: string): void {
    const last = this.lines.length - 1
    this.lines[last] = this.over ? text : this.lines[last] + text
    this.over = false
    this.fresh.add(last)
  }
}
