import { HELP, readCall } from './call.js';
import { Failed, WrongCall } from './fail.js';
import { neighbours } from './neighbours.js';
import type { Voices } from './report.js';

const help = (voices: Voices) => {
  voices.out(HELP);
  return 0;
};

/** The command, from its words to its exit code: 0 done, 1 failed, 2 wrong call. */
export async function run(args: readonly string[], voices: Voices, entry?: URL): Promise<number> {
  try {
    const [command, ...rest] = args;
    if (command === '--help' || command === 'help') return help(voices);
    if (command !== 'neighbours')
      throw new WrongCall(
        `${command ? `"${command}" is not a command` : 'no command is given'}, expected: npx fordi neighbours <file …>. See npx fordi --help.`,
      );
    const call = readCall(rest);
    if (call === 'help') return help(voices);
    await neighbours(call, voices, entry);
    return 0;
  } catch (error) {
    const known = error instanceof WrongCall || error instanceof Failed;
    voices.err(`fordi: ${known ? error.message : (error as Error).stack}\n`);
    return error instanceof WrongCall ? 2 : 1;
  }
}
