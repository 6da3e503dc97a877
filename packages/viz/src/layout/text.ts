/** Widths of characters in ems, about those of Inter: near enough to leave room, the same on every machine. */
const widths: readonly [RegExp, number][] = [
  [/[ijl.,:;'|!ıₗⱼᵢ]/, 0.27],
  [/[frt()[\]{} ·-]/, 0.36],
  [/[⁰¹²³⁴-⁹₀-₉⁻₊ₜ]/, 0.42],
  [/[mwMWΣ∑%]/, 0.88],
  [/[A-Z0-9−+=<>≤≥∇σμ]/, 0.66],
  [/[\u1100-\uffff]/, 1],
]

/** About how wide a line of text is, in pixels. */
export function textWidth(text: string, size: number): number {
  let ems = 0
  for (const character of text) ems += widths.find(([those]) => those.test(character))?.[1] ?? 0.57
  return ems * size
}

/** A number in three digits. */
export function rounded(value: number): string {
  const near = Number(value.toPrecision(3))
  return Number.isFinite(near) ? String(near) : value.toExponential(1)
}

/** Text in lines of at most the given width, broken between words. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
