import { useBackend } from '@sgm/tensor'
import { openGpu } from '../src'
import { roofline } from './adapter'
import { count } from './counts'
import { measure } from './measure'
import { type Answers, ask, peers } from './peer'
import type { Answer } from './protocol'
import { sgm } from './sgm'
import { type Contender, reasons, table } from './table'
import { type Item, items, type Makers, prepare } from './work'

/**
 * Times the work of sgm on this machine's GPU, compiled and eager (tfjs's WebGPU), beside other libraries and what the adapter can do at most.
 *
 *     pnpm bench:gpu [--smoke] [--alone] [--peers] [PART OF A TITLE …]
 *
 * On an adapter in software times say nothing of GPUs: there `--smoke` runs small sizes and prints counts alone. `--alone` asks no other
 * library; `--peers` tells which of them run here, and measures nothing.
 */
const args = process.argv.slice(2)
const smoke = args.includes('--smoke')
const wanted = args.filter((one) => !one.startsWith('--'))
/** Milliseconds that a contender gets for an item, beside its first run. */
const BUDGET = smoke ? 0 : 1500
/** Milliseconds without an answer after which a peer is given up. */
const PATIENCE = 60_000

const chosen = items(smoke).filter(
  ({ title }) => wanted.length === 0 || wanted.some((part) => title.includes(part)),
)

if (args.includes('--peers')) {
  for (const peer of peers)
    console.log(`${peer.name}: ${(await ask(peer, { works: [], budget: 0 }, PATIENCE)).hello}`)
} else await compare()

async function compare(): Promise<void> {
  const own = await ours()
  const others: Contender[] = []
  for (const peer of args.includes('--alone') ? [] : peers) {
    const request = { works: chosen.map(({ work }) => work), budget: BUDGET }
    const said = await ask(peer, request, PATIENCE)
    console.error(`${peer.name}: ${said.hello}`)
    others.push({ name: peer.name, ...said, answers: filled(said) })
  }
  const contenders = [...own, ...others]
  console.log(table(chosen, contenders, smoke))
  for (const { name, hello } of others) console.log(`${name}: ${hello}`)
  for (const line of reasons(chosen, contenders)) console.log(line)
}

/** As many answers as items, whether the peer runs here or not. */
function filled({ hello, answers }: Answers): readonly Answer[] {
  return answers.length > 0 ? answers : chosen.map(() => ({ none: hello }))
}

/** Our own work, compiled and eager, in this process. */
async function ours(): Promise<Contender[]> {
  const gpu = await openGpu()
  try {
    if (gpu.software && !smoke) {
      throw new Error(
        `bench:gpu: expected a GPU, got ${gpu.description}, whose speed says nothing of one; --smoke counts kernels on it`,
      )
    }
    if (!gpu.eager)
      throw new Error('bench:gpu: expected the package @tensorflow/tfjs-backend-webgpu, got none')
    await useBackend('webgpu')
    count()
    console.log(`${gpu.description}; Node ${process.versions.node}; tile ${JSON.stringify(await gpu.tile())}`)
    if (!smoke) {
      const { bandwidth, rate } = await roofline(gpu.device)
      console.log(`copies ${(bandwidth / 1e9).toFixed(0)} GB/s; f32 ${(rate / 1e12).toFixed(2)} TFLOP/s\n`)
    }
    const measured = async (makers: Makers, item: Item): Promise<Answer> => {
      const before = gpu.usage.bytes
      try {
        const job = await prepare(makers, item.work)
        const result = await measure(job, item.work.calls, BUDGET)
        const held = gpu.usage.bytes - before
        await job.dispose?.()
        return { ...result, held }
      } catch (error) {
        return { none: `failed: ${(error as Error).message.split('\n')[0]}` }
      }
    }
    const [compiled, eager]: [Answer[], Answer[]] = [[], []]
    for (const item of chosen) {
      compiled.push(await measured(sgm(gpu.device, gpu.executor()), item))
      eager.push(await measured(sgm(gpu.device, undefined), item))
      console.error(`${item.title}: ${JSON.stringify([compiled.at(-1), eager.at(-1)])}`)
    }
    return [
      { name: 'sgm', answers: compiled },
      { name: 'tfjs, eager', answers: eager },
    ]
  } finally {
    await useBackend('cpu')
    gpu.close()
  }
}
