import { pathToFileURL } from 'node:url'
import { useBackend } from '@sgm/tensor'

/** What an example finds: numbers, lists of them, or a small drawing in text. */
export type Findings = Readonly<Record<string, number | string | readonly number[]>>

/** Prints what an example finds, where its file is the one that was asked to run. */
export async function show(url: string, main: () => Promise<Findings>): Promise<void> {
  if (process.argv[1] === undefined || url !== pathToFileURL(process.argv[1]).href) return
  await useBackend()
  for (const [name, value] of Object.entries(await main())) console.log(`${name.padEnd(24)} ${text(value)}`)
}

function text(value: Findings[string]): string {
  if (typeof value === 'string') return value.includes('\n') ? `\n${value}` : value
  return typeof value === 'number' ? short(value) : value.map(short).join('  ')
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
