'use client'
import { useEffect } from 'react'
import { program } from '../../program'
import { action } from './action'

export function Page() {
  useEffect(() => {
    const all = async () => ({
      client: await program(),
      action: await action(),
      route: await (await fetch('/api')).json(),
    })
    all().then(
      (result) => {
        globalThis.result = result
      },
      (error) => {
        globalThis.result = { error: String(error) }
      },
    )
  }, [])
  return <p>A score network</p>
}
