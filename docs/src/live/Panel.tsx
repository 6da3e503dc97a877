import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { joined } from '../particles'
import { searchWith, valuesIn } from './address'
import Controls from './Controls'
import { type DemoName, demos } from './demos'
import Facts, { factsIn } from './Facts'
import type { View } from './messages'
import Points from './Points'
import Sheet from './Sheet'
import { type AnyValues, type EngineName, type Language, type Spec, startOf, type Value } from './spec'
import styles from './styles.module.css'
import { useDemo } from './use-demo'
import { words } from './words'

export interface PanelProps {
  readonly name: DemoName
  /** AnyValues that are the page's to say, not the reader's. */
  readonly fixed?: AnyValues
  readonly language: Language
  readonly theme: View['theme']
  /** The site's address, with `/` at its end. */
  readonly site: string
}

/** After the last change of a value, in milliseconds, the address says it. */
const SETTLED = 300

/** A demo with its controls, its picture and its numbers. */
export default function Panel({ name, fixed = {}, language, theme, site }: PanelProps): ReactNode {
  const { title, about, shows, wide = true, engine: own, options: all }: Spec = demos[name]
  const options = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in fixed)))
  const [values, setValues] = useState<AnyValues>({ ...startOf(all), ...fixed })
  const stage = useRef<HTMLDivElement>(null)
  const demo = useDemo(stage, { name, language, theme, site, engine: own ? () => own : engineAsked })
  const { phase, facts, progress, engine, plot, failure } = demo
  const heading = useId()
  const first = useRef<HTMLButtonElement>(null)
  const rested = useRef(true)
  const busy = phase === 'loading' || phase === 'running'

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is there
  useEffect(() => {
    setValues((before) => ({ ...before, ...valuesIn(window.location.search, name, options), ...fixed }))
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: when a value changes, not at every picture
  useEffect(() => {
    const timer = setTimeout(() => {
      const { pathname, search, hash } = window.location
      const next = searchWith(search, name, options, values)
      if (next !== search) window.history.replaceState(window.history.state, '', pathname + next + hash)
    }, SETTLED)
    return () => clearTimeout(timer)
  }, [values])

  // The button that was pressed has gone, and with it where keys go.
  useEffect(() => {
    const rests = phase === 'idle'
    if (rests !== rested.current) first.current?.focus({ preventScroll: true })
    rested.current = rests
  }, [phase])

  const change = (changed: AnyValues) => {
    setValues(changed)
    demo.change(changed)
  }
  const set = (key: string, value: Value) => change({ ...values, [key]: value })
  const reset = () => {
    setValues({ ...startOf(all), ...fixed })
    demo.reset()
  }
  const said = phase === 'idle' ? '' : `${words[phase][language]}. ${busy ? '' : factsIn(facts, language)}`
  const drawn = Object.entries(options).flatMap(([key, option]) =>
    option.kind === 'points' && (!option.when || values[option.when.option] === option.when.is)
      ? [{ key, option }]
      : [],
  )

  return (
    <section className={styles.panel} aria-labelledby={heading} data-live={name} data-phase={phase}>
      <p id={heading} className={styles.title}>
        {title[language]}
      </p>
      <p className={styles.about}>{joined(about[language])}</p>
      <div className={wide ? styles.body : styles.halves}>
        <div className={styles.stage}>
          <div
            ref={stage}
            className={styles.picture}
            role="img"
            aria-label={`${shows[language]}. ${factsIn(facts, language)}`}
          />
          {plot &&
            phase !== 'idle' &&
            drawn.map(({ key, option }) => {
              const Surface = option.most === undefined ? Points : Sheet
              return (
                <Surface
                  key={key}
                  {...{ option, plot, language }}
                  points={values[key] as never}
                  onChange={(points) => set(key, points)}
                />
              )
            })}
          {phase === 'idle' && (
            <button ref={first} type="button" className={styles.start} onClick={() => demo.start(values)}>
              <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <path d="M2 0.8 L11 6 L2 11.2 Z" fill="currentColor" />
              </svg>
              {words.start[language]}
            </button>
          )}
        </div>
        <div>
          <progress
            className={styles.progress}
            value={progress}
            max={1}
            aria-label={words.progress[language]}
            data-busy={busy}
          />
          <Facts facts={facts} language={language} />
          <Controls {...{ options, values, language }} onChange={set} />
          {phase !== 'idle' && (
            <div className={styles.bar}>
              {busy ? (
                <button ref={first} type="button" onClick={demo.stop}>
                  {words.stop[language]}
                </button>
              ) : (
                <button
                  ref={first}
                  type="button"
                  onClick={() => (phase === 'failed' ? demo.start(values) : demo.change(values))}
                >
                  {words.again[language]}
                </button>
              )}
              {drawn
                .filter(({ option }) => option.most !== undefined)
                .map(({ key }) => (
                  <button key={key} type="button" onClick={() => set(key, [])}>
                    {words.clear[language]}
                  </button>
                ))}
              <button type="button" onClick={reset}>
                {words.reset[language]}
              </button>
              <span className={styles.engine}>{engine ?? `${words.loading[language]} …`}</span>
            </div>
          )}
        </div>
      </div>
      {failure && (
        <p className={styles.failure} role="alert">
          {words.failed[language]}: {failure}
        </p>
      )}
      <p className={styles.said} aria-live="polite">
        {said}
      </p>
    </section>
  )
}

/** `?engine=gpu` takes a GPU even in software, `?engine=wasm` none. */
function engineAsked(): EngineName {
  const asked = new URLSearchParams(window.location.search).get('engine')
  return asked === 'gpu' || asked === 'wasm' ? asked : 'auto'
}
