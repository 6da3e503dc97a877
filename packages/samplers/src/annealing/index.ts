export {
  type AnnealingOptions,
  type AnnealingSettings,
  annealingFromData,
  largestDistance,
} from './from-data'
export {
  type AnnealedRun,
  annealedStepSize,
  type Ladder,
  type LadderRatioOptions,
  ladderLevels,
  ladderRatio,
} from './ladder'
