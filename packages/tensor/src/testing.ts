export { type OpCase, opCases } from './ops/contract'
export { type ContractOptions, type ExecutorCheck, executorContract } from './testing/executor-contract'
export { expectNoLeaks } from './testing/leaks'
export { expectNear } from './testing/near'
