// Each marked line must fail to compile: `npm run typecheck` breaks when one starts to pass. Nothing here is run.
import { createFordi } from 'fordi';

// @ts-expect-error: options are not optional, a site without a notice cannot keep anything
createFordi();
