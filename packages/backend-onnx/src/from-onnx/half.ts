const floats = new Float32Array(1)
const bits = new Uint32Array(floats.buffer)

/** The nearest float16 of each number, ties to even, as the words of its bits. */
export function narrowHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) => {
    floats[0] = value
    const sign = (bits[0]! >>> 16) & 0x8000
    const size = Math.abs(value)
    if (Number.isNaN(value)) return 0x7e00
    // half way between the largest float16 and what would come next
    if (size >= 65520) return sign | 0x7c00
    if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24)
    const exponent = ((bits[0]! >>> 23) & 0xff) - 127
    const fraction = roundEven((size / 2 ** exponent - 1) * 1024)
    // a fraction of 1024 carries into the exponent
    return sign | (((exponent + 15) << 10) + fraction)
  })
}

function roundEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
