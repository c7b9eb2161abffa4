export { createFordi, FordiError } from './fordi.js';
export type * from './types.js';
export { VERBS, type VerbRule } from './verbs.js';
