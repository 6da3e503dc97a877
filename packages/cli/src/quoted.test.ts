import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { quoted } from './quoted'

it.each(['run', '/a/b-c_d.e', 'my run', "it's", '$HOME', 'a"b', '~/x', 'a\nb', '*', '한글'])(
  'writes %j so that a shell reads it back',
  (path) => {
    const read = execFileSync('sh', ['-c', `printf %s ${quoted(path, 'linux')}`], { encoding: 'utf8' })
    expect(read).toBe(path)
  },
)

it('leaves plain paths plain, keeps paths from being options, and knows the other shell', () => {
  expect(quoted('runs/a-1')).toBe('runs/a-1')
  expect(quoted('-x')).toBe('./-x')
  expect(quoted('my run', 'win32')).toBe('"my run"')
})
