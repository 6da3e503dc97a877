import { describe, expect, it } from 'vitest'
import { type ReadCsvOptions, readCsv } from '.'

const points = async (text: string, options?: ReadCsvOptions) => {
  const { values, ...rest } = await readCsv(text, options)
  return { values: [...values], ...rest }
}

describe('readCsv', () => {
  const table = { shape: [2, 2], values: [0.5, 1, -2, 0.25] }
  const names = ['x', 'y']

  it.each([
    ['plain', '0.5,1\n-2,2.5e-1\n', table],
    ['named', 'x,y\n0.5,1\n-2,.25', { ...table, columns: names }],
    ['of Windows, with a byte order mark', '\ufeffx,y\r\n0.5,1\r\n-2,0.25\r\n', { ...table, columns: names }],
    ['of semicolons', '0.5;1\n-2;0.25\n', table],
    ['of tabs', 'x\ty\n0.5\t1\n-2\t0.25\n', { ...table, columns: names }],
    ['quoted', '"x","y"\n"0.5","1"\n"-2","0.25"\n', { ...table, columns: names }],
    ['with remarks and empty lines', '# made by hand\n\n0.5, 1\n\n-2, 0.25\n\n', table],
    ['of one column', '1\n2\n3\n', { shape: [3, 1], values: [1, 2, 3] }],
  ])('reads a table %s', async (_, text, wanted) => {
    expect(await points(text)).toEqual(wanted)
  })

  it('takes bytes, files and some of the columns', async () => {
    const text = 'id,x,y\n7,1,2\n8,3,4\n'
    const wanted = { columns: ['y', 'x'], shape: [2, 2], values: [2, 1, 4, 3] }
    expect(await points(text, { columns: ['y', 'x'] })).toEqual(wanted)
    expect(await points(text, { columns: [2, 1] })).toEqual(wanted)
    const { values } = await readCsv(new Blob([text]), { columns: ['id'] })
    expect([...values]).toEqual([7, 8])
    // Columns that are not wanted may hold anything.
    expect((await points('name,x\nfirst,1\n', { columns: ['x'] })).values).toEqual([1])
  })

  it.each([
    ['x,y\n1,2\n3,four\n', 'readCsv: expected a finite number on line 3 of the text, column y, got "four"'],
    ['1,2\n3,\n', 'readCsv: expected a finite number on line 2 of the text, column 1, got ""'],
    ['1,NaN\n', 'readCsv: expected a finite number on line 1 of the text, column 1, got "NaN"'],
    ['1\n0x10\n', 'readCsv: expected a finite number on line 2 of the text, column 0, got "0x10"'],
    ['1\n1e39\n', 'readCsv: expected a finite number on line 2 of the text, column 0, got "1e39"'],
    ['1,2\n3\n', 'readCsv: expected 2 cells on line 2 of the text, got 1'],
    ['1,2\n\n3,4,5\n', 'readCsv: expected 2 cells on line 3 of the text, got 3'],
    ['"a\nb",y\n1,2\n3,z\n', 'readCsv: expected a finite number on line 4 of the text, column y, got "z"'],
    ['x,y\n1,"2\n3,4\n', 'readCsv: expected quotes that close on line 2 of the text, got'],
    ['x,y\n', 'readCsv: expected rows of numbers in the text, got none'],
    ['', 'readCsv: expected rows of numbers in the text, got none'],
  ])('says on which line %j is no table', async (text, message) => {
    await expect(readCsv(text)).rejects.toThrow(message)
  })

  it('refuses what is too large, no text, or lacks a column', async () => {
    await expect(readCsv('1,2\n', { limit: 3 })).rejects.toThrow(
      'readCsv: expected the text to be at most 3 bytes (the option limit), got 4',
    )
    await expect(readCsv(Uint8Array.of(0x31, 0xff))).rejects.toThrow(
      'readCsv: expected bytes to be text in UTF-8',
    )
    await expect(readCsv('x,y\n1,2\n', { columns: ['z'] })).rejects.toThrow(
      'readCsv: expected columns among x, y, got z',
    )
    await expect(readCsv('1,2\n', { columns: [2] })).rejects.toThrow(
      'readCsv: expected columns among 0 … 1, got 2',
    )
  })
})
