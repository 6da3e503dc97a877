/** Which entry of an array of shape `shape` meets entry i of one of shape `to`, which it stretches to. */
export function stretched(shape: readonly number[], to: readonly number[]): (i: number) => number {
  const sizes = [...Array<number>(to.length - shape.length).fill(1), ...shape]
  return (i) => {
    let [rest, index, stride] = [i, 0, 1]
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const at = rest % to[axis]!
      rest = (rest - at) / to[axis]!
      if (sizes[axis] !== 1) index += at * stride
      stride *= sizes[axis]!
    }
    return index
  }
}
