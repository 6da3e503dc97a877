import type { ReactNode } from 'react'
import type { Fact, Language } from './spec'
import styles from './styles.module.css'
import { words } from './words'

interface FactsProps {
  readonly facts: readonly Fact[]
  readonly language: Language
}

/** The numbers of a demo, each beside what it should be. */
export default function Facts({ facts, language }: FactsProps): ReactNode {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, label, value, truth, digits = 3 }) => (
        <div key={name} data-fact={name} data-value={value} data-truth={truth}>
          <dt>{label[language]}</dt>
          <dd>
            <span className={styles.value}>{written(value, digits)}</span>
            {truth !== undefined && (
              <span className={styles.truth}>
                {words.truth[language]} {written(truth, digits)}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The same in a sentence. */
export function factsIn(facts: readonly Fact[], language: Language): string {
  return facts
    .map(({ label, value, truth, digits = 3 }) => {
      const beside = truth === undefined ? '' : `, ${words.truth[language]} ${written(truth, digits)}`
      return `${label[language]}: ${written(value, digits)}${beside}.`
    })
    .join(' ')
}

function written(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}
