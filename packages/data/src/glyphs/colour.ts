/**
 * Ink coverage `[pixels]` to bytes: as it is for one channel, else mixed from two colours, one dark and one light,
 * either of them the ink's.
 *
 * @param draws 8 numbers in [0, 1).
 */
export function paint(
  ink: Float32Array,
  image: Uint8Array,
  channels: 1 | 3,
  [hue0, vivid0, value0, hue1, vivid1, value1, which]: readonly number[],
): void {
  if (channels === 1) {
    for (let i = 0; i < ink.length; i++) image[i] = Math.round(255 * ink[i]!)
    return
  }
  const dark = rgb(hue0!, 0.35 + 0.6 * vivid0!, 0.08 + 0.32 * value0!)
  const light = rgb(hue1!, 0.15 + 0.6 * vivid1!, 0.8 + 0.2 * value1!)
  const [pen, paper] = which! < 0.5 ? [dark, light] : [light, dark]
  for (let i = 0; i < ink.length; i++) {
    for (let c = 0; c < 3; c++) {
      image[3 * i + c] = Math.round(255 * (paper[c]! + ink[i]! * (pen[c]! - paper[c]!)))
    }
  }
}

/** Hue, saturation and value, each in [0, 1], to red, green and blue. */
function rgb(hue: number, saturation: number, value: number): readonly [number, number, number] {
  const channel = (turn: number): number => {
    const sixth = (6 * hue + turn) % 6
    return value * (1 - saturation * Math.max(0, Math.min(1, sixth, 4 - sixth)))
  }
  return [channel(5), channel(3), channel(1)]
}
