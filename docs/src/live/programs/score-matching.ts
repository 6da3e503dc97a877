import { scoreMatching } from '../demos/score-matching'
import { program } from '../program'
import { learn } from './learn'

export default program(scoreMatching, ({ objective, steps, seed }, tools) =>
  learn(objective, steps, seed, tools),
)
