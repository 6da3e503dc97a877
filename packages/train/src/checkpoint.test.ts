import { dispose, key, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  averagedCheckpoint,
  checkpointWeights,
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingState,
} from './checkpoint'

const state: TrainingState = {
  parameters: { weight: tensor([[1, -2]]), bias: tensor([0.5]) },
  slots: { 'm/bias': tensor([3]), count: tensor([7], [1], 'int32') },
  ema: { weight: tensor([[4, 5]]), bias: tensor([6]) },
}
const progress = { step: 12, key: key(5), lossSum: 0.25 }
const notes = { engine: 'cpu', words: '"crc32":"00000000" ü\n', __proto__x: '' }

describe('a checkpoint', () => {
  let bytes: Uint8Array
  beforeAll(async () => {
    bytes = await encodeCheckpoint(state, progress, notes)
  })

  it('gives back what was kept', async () => {
    const found = checkpointWeights(bytes)
    expect(found).toMatchObject({ step: 12, notes })
    expect([...(await found.ema.weight!.data())]).toEqual([4, 5])
    expect([...(await found.parameters.bias!.data())]).toEqual([0.5])
    const { state: whole, progress: known } = await decodeCheckpoint(bytes, state, key(5))
    expect(known).toEqual(progress)
    expect([...(await whole.slots.count!.data())]).toEqual([7])
    dispose([found.ema, found.parameters, whole])
    dispose(checkpointWeights(bytes.slice().buffer))
  })

  it('shrinks to its averaged weights, from which no run goes on', async () => {
    const small = await averagedCheckpoint(bytes)
    expect(small.length).toBeLessThan(bytes.length)
    const { parameters, ema, ...rest } = checkpointWeights(small)
    expect(rest).toEqual({ step: 12, notes })
    expect([...(await parameters.weight!.data())]).toEqual([4, 5])
    expect(ema).toBe(parameters)
    await expect(decodeCheckpoint(small, state, key(0))).rejects.toThrow('without slots/m/bias')
    dispose(parameters)
    await expect(averagedCheckpoint(bytes.slice(1))).rejects.toThrow(RangeError)
  })

  it('is sealed by the CRC-32 of all bytes but the eight of the checksum itself', () => {
    // The polynomial of ISO-HDLC, bit by bit.
    const text = new TextDecoder('latin1').decode(bytes)
    const at = text.indexOf('"crc32":"') + 9
    let crc = -1
    for (const [i, byte] of bytes.entries()) {
      if (i >= at && i < at + 8) continue
      crc ^= byte
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    }
    expect(text.slice(at, at + 8)).toBe((~crc >>> 0).toString(16).padStart(8, '0'))
  })

  it('with any one bit changed is refused, in every region: length, header, metadata, tensors', () => {
    const accepted: number[] = []
    expectNoLeaks(() => {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const damaged = bytes.slice()
        damaged[bit >> 3]! ^= 1 << (bit & 7)
        try {
          dispose(checkpointWeights(damaged))
          accepted.push(bit)
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
        }
      }
    })
    expect(accepted).toEqual([])
  })

  it('cut short, empty or of another kind is refused', () => {
    expectNoLeaks(() => {
      for (const length of [0, 7, 8, 100, bytes.length - 1]) {
        expect(() => checkpointWeights(bytes.slice(0, length))).toThrow(RangeError)
      }
      for (const other of [null, undefined, 'run', {}, 3]) {
        expect(() => checkpointWeights(other as never)).toThrow(TypeError)
      }
    })
  })
})
