import { type ReactNode, useId } from 'react'
import type { AnyValues, ChoiceOption, Language, Options, RangeOption, Value } from './spec'
import styles from './styles.module.css'

interface ControlsProps {
  readonly options: Options
  readonly values: AnyValues
  readonly language: Language
  readonly onChange: (name: string, value: Value) => void
}

/** A control for each option but points, which are moved in the picture. */
export default function Controls({ options, values, language, onChange }: ControlsProps): ReactNode {
  return (
    <div className={styles.controls}>
      {Object.entries(options).map(([name, option]) => {
        const common = { language, onChange: (value: Value) => onChange(name, value) }
        const value = values[name]
        if (option.kind === 'range')
          return <Range key={name} {...common} option={option} value={Number(value)} />
        if (option.kind === 'choice')
          return <Choice key={name} {...common} option={option} value={String(value)} />
        return null
      })}
    </div>
  )
}

interface ControlProps<O, V> {
  readonly option: O
  readonly value: V
  readonly language: Language
  readonly onChange: (value: V) => void
}

function Range({ option, value, language, onChange }: ControlProps<RangeOption, number>): ReactNode {
  const id = useId()
  const { label, min, max, step } = option
  return (
    <div className={styles.control}>
      <label htmlFor={id}>{label[language]}</label>
      <output htmlFor={id}>{value}</output>
      <input
        id={id}
        type="range"
        {...{ min, max, step, value }}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
    </div>
  )
}

function Choice({ option, value, language, onChange }: ControlProps<ChoiceOption, string>): ReactNode {
  const id = useId()
  return (
    <div className={styles.control}>
      <label htmlFor={id}>{option.label[language]}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {Object.entries(option.choices).map(([name, label]) => (
          <option key={name} value={name}>
            {label[language]}
          </option>
        ))}
      </select>
    </div>
  )
}
