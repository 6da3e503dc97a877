import { dispose, fromNowOn, tensorsIn } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { callsOf } from './misuse/calls'
import { optionNames } from './misuse/mutations'
import { surface } from './misuse/surface'

it('x', async () => {
  const bad: string[] = []
  const good: string[] = []
  for (const { from, name, call } of await surface()) {
    if (/cli|backend-gpu|check|testing|compile$/.test(from) || /^(lockFolder|useBackend|bestEngine|settle|scoped|collect)/.test(name)) continue
    const args = await callsOf(name, call)
    const places = await optionNames(call, args)
    for (const place of places.keys()) {
      const given = [...args]
      while (given.length < place) given.push(undefined)
      given[place] = { ...(args[place] as object), nonesuch: 1 }
      const isNew = fromNowOn()
      try {
        const r = await call(...given)
        dispose(tensorsIn(r).filter(isNew))
        bad.push(`${from} ${name} ${place}: ${[...places.get(place)!]}`)
      } catch (e) {
        if (!/expected options .*got 'nonesuch'/.test(String(e))) bad.push(`${from} ${name} ${place}: ${[...places.get(place)!]}: ${String(e).slice(0, 150)}`)
        else good.push(name)
      }
    }
  }
  console.log(bad.join('\n'))
  console.log(good.length)
  expect(1).toBe(1)
}, 100000)
