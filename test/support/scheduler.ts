import { setImmediate as soon } from 'node:timers';

// Browsers of today let a page have its turn by `scheduler.yield`; Node has none, and a timer would wait for a faked clock.
Object.assign(globalThis, { scheduler: { yield: () => new Promise<void>((resolve) => soon(resolve)) } });
