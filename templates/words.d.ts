/** Words of the templates that generation replaces (src/scaffold/workflow.ts), so that they compile as they are. */
declare const $stateReturn: any
declare const $stateExampleInput: any
declare const $stateExampleOutput: any
declare const $answer: any
declare const $input: any
