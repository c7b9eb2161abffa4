// A record's tune: genre gives tempo, rhythm and manner, moods the scale, instruments the sound, the id the notes.

import { seeded } from './seeded.js';

const RATE = 22050;
const SECONDS = 10;

/** bpm, swing, lowest note (MIDI), manner of the chords, manner of the bass, and a bar of sixteenths per drum. */
// biome-ignore format: a table
const GENRES = {
  jazz: { bpm: 132, swing: 0.3, root: 46, chords: 'stab', bass: 'walk', hat: 'x...x..xx...x..x', snare: '.......o......o.' },
  classical: { bpm: 84, swing: 0, root: 48, chords: 'arpeggio', bass: 'long' },
  rock: { bpm: 126, swing: 0, root: 40, chords: 'drive', bass: 'eighths', kick: 'x.......x.x.....', snare: '....x.......x...', hat: 'x.x.x.x.x.x.x.x.' },
  punk: { bpm: 176, swing: 0, root: 41, chords: 'drive', bass: 'eighths', kick: 'x..x..x.x..x..x.', snare: '....x.......x...', hat: 'x.x.x.x.x.x.x.x.' },
  soul: { bpm: 92, swing: 0.12, root: 43, chords: 'stab', bass: 'groove', kick: 'x.....x.x.......', snare: '....x.......x..o', hat: 'x.x.x.x.x.x.x.xx' },
  funk: { bpm: 106, swing: 0.1, root: 40, chords: 'scratch', bass: 'groove', kick: 'x..x..x...x..x..', snare: '....x..o.o..x...', hat: 'xxx.xxx.xxx.xx.x' },
  'hip-hop': { bpm: 90, swing: 0.22, root: 41, chords: 'long', bass: 'groove', kick: 'x......x..x.....', snare: '....x.......x...', hat: 'x.x.x.x.x.xxx.x.' },
  electronic: { bpm: 124, swing: 0, root: 45, chords: 'arpeggio', bass: 'offbeat', kick: 'x...x...x...x...', snare: '....o.......o...', hat: '..x...x...x...x.' },
  ambient: { bpm: 60, swing: 0, root: 45, chords: 'long', bass: 'long' },
  folk: { bpm: 96, swing: 0.08, root: 45, chords: 'pick', bass: 'half' },
  blues: { bpm: 88, swing: 0.34, root: 40, chords: 'shuffle', bass: 'walk', kick: 'x.......x.......', snare: '....x.......x...', hat: 'x..xx..xx..xx..x' },
  reggae: { bpm: 76, swing: 0.06, root: 43, chords: 'skank', bass: 'groove', kick: '........x.......', snare: '........x.......', hat: 'x.x.x.x.x.x.x.xx' },
  metal: { bpm: 152, swing: 0, root: 36, chords: 'drive', bass: 'eighths', kick: 'xx.xxx.xxx.xxx.x', snare: '....x.......x...', hat: 'x...x...x...x...' },
  latin: { bpm: 104, swing: 0, root: 45, chords: 'montuno', bass: 'tumbao', kick: 'x..x..x.x..x..x.', snare: '..x.x...x..x..x.', hat: 'x.xxx.xxx.xxx.xx' },
  african: { bpm: 116, swing: 0.05, root: 45, chords: 'pick', bass: 'tumbao', kick: 'x...x...x...x...', snare: '..x..x....x..x..', hat: 'x.xx.x.xx.xx.x.x' },
};

const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  minor: [0, 2, 3, 5, 7, 8, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
};

// biome-ignore format: a table
const MODES = {
  cool: 'dorian', 'late-night': 'dorian', melancholy: 'minor', joyful: 'major', raw: 'minor', dreamy: 'lydian', driving: 'mixolydian',
  tender: 'major', angry: 'phrygian', spiritual: 'dorian', playful: 'mixolydian', epic: 'minor', hypnotic: 'dorian', warm: 'major',
  dark: 'phrygian', restless: 'phrygian', romantic: 'major', protest: 'minor', party: 'mixolydian', meditative: 'lydian',
};

/** Overtones, seconds to rise, seconds to fall by half (0 = holds), vibrato, breath. */
const SOUNDS = {
  pluck: [[1, 0.5, 0.34, 0.2, 0.12, 0.08], 0.004, 0.22, 0, 0],
  steel: [[1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.24, 0.18], 0.004, 0.35, 0.002, 0],
  piano: [[1, 0.42, 0.2, 0.14, 0.06], 0.005, 0.4, 0, 0],
  bell: [[1, 0, 0, 0.34, 0, 0, 0.08], 0.004, 0.5, 0.003, 0],
  organ: [[1, 0.8, 0.5, 0.5, 0, 0.3, 0, 0.3], 0.02, 0, 0.002, 0],
  reed: [[1, 0.3, 0.7, 0.25, 0.4, 0.2, 0.2], 0.04, 0, 0.004, 0.02],
  brass: [[1, 0.9, 0.75, 0.5, 0.35, 0.25, 0.15], 0.05, 0, 0.005, 0],
  flute: [[1, 0.24, 0.06], 0.06, 0, 0.006, 0.05],
  bow: [[1, 0.55, 0.4, 0.3, 0.22, 0.16, 0.1], 0.14, 0, 0.006, 0],
  sung: [[1, 0.75, 0.3, 0.12, 0.16, 0.04], 0.08, 0, 0.008, 0.01],
  saw: [[1, 0.5, 0.33, 0.25, 0.2, 0.17, 0.14, 0.125], 0.01, 0.5, 0.001, 0],
  square: [[1, 0, 0.33, 0, 0.2, 0, 0.14], 0.006, 0.3, 0, 0],
  low: [[1, 0.6, 0.25, 0.1], 0.008, 0.35, 0, 0],
};

// biome-ignore format: a table
const PLAYED = {
  trumpet: 'brass', saxophone: 'reed', trombone: 'brass', horns: 'brass', clarinet: 'reed', flute: 'flute', piano: 'piano', 'electric-piano': 'bell',
  organ: 'organ', synthesizer: 'saw', accordion: 'reed', bandoneon: 'reed', melodica: 'reed', harmonica: 'reed', 'electric-guitar': 'steel',
  'acoustic-guitar': 'pluck', 'slide-guitar': 'steel', bass: 'low', banjo: 'pluck', mandolin: 'pluck', kora: 'pluck', harp: 'pluck', violin: 'bow',
  cello: 'bow', strings: 'bow', orchestra: 'bow', vibraphone: 'bell', 'thumb-piano': 'bell', sampler: 'square', 'tape-loops': 'bell', voice: 'sung', choir: 'sung',
};

/** [step, length in steps, which note of the chord] per bar of sixteen. */
// biome-ignore format: a table
const CHORDS = {
  stab: [[0, 3], [6, 2], [11, 3]],
  drive: [0, 2, 4, 6, 8, 10, 12, 14].map((step) => [step, 2]),
  scratch: [2, 3, 6, 10, 11, 14].map((step) => [step, 1]),
  skank: [4, 12].flatMap((step) => [[step, 2], [step + 2, 1]]),
  shuffle: [0, 4, 8, 12].flatMap((step) => [[step, 2], [step + 3, 1]]),
  long: [[0, 16]],
  arpeggio: Array.from({ length: 16 }, (_, step) => [step, 2, [0, 1, 2, 3, 2, 1][step % 6]]),
  pick: [0, 3, 6, 8, 11, 14].map((step, index) => [step, 4, [0, 2, 1, 3, 1, 2][index]]),
  montuno: [0, 3, 5, 6, 9, 11, 13, 14].map((step, index) => [step, 2, index % 4]),
};

/** [step, length, degree above the chord's root]. */
// biome-ignore format: a table
const BASSES = {
  walk: [[0, 4, 0], [4, 4, 2], [8, 4, 4], [12, 4, 5]],
  eighths: [0, 2, 4, 6, 8, 10, 12, 14].map((step) => [step, 2, 0]),
  groove: [[0, 3, 0], [3, 2, 0], [7, 2, 4], [10, 2, 0], [14, 2, 6]],
  offbeat: [[2, 2, 0], [6, 2, 0], [10, 2, 0], [14, 2, 0]],
  tumbao: [[0, 3, 0], [6, 4, 4], [12, 4, 0]],
  half: [[0, 8, 0], [8, 8, 4]],
  long: [[0, 16, 0]],
};

const hertz = (note) => 440 * 2 ** ((note - 69) / 12);
const pick = (random, list) => list[Math.floor(random() * list.length)];

const table = (overtones) => {
  const wave = new Float32Array(2048);
  for (let n = 0; n < wave.length; n++) {
    for (let k = 0; k < overtones.length; k++) wave[n] += overtones[k] * Math.sin((2 * Math.PI * (k + 1) * n) / wave.length);
  }
  return wave;
};

const sounds = Object.fromEntries(
  Object.entries(SOUNDS).map(([name, [overtones, rise, fall, vibrato, breath]]) => [
    name,
    { full: table(overtones), dull: table(overtones.slice(0, 2)), rise, fall, vibrato, breath },
  ]),
);

const note = (out, sound, pitch, from, length, loud, random) => {
  const start = Math.floor(from * RATE);
  const count = Math.min(Math.floor((length + 0.12) * RATE), out.length - start);
  let phase = 0;
  for (let n = 0; n < count; n++) {
    const at = n / RATE;
    const held = sound.fall ? 2 ** (-at / sound.fall) : 1;
    const level = Math.min(1, at / sound.rise) * held * Math.min(1, (count - n) / (0.1 * RATE));
    phase += (hertz(pitch) * (1 + sound.vibrato * Math.sin(at * 34) * Math.min(1, at * 3)) * 2048) / RATE;
    const index = Math.floor(phase) & 2047;
    const bright = Math.max(0, 1 - at * 1.4);
    const tone = sound.full[index] * bright + sound.dull[index] * (1 - bright);
    out[start + n] += loud * level * (tone + (random() - 0.5) * sound.breath * 6);
  }
};

/** `sample(seconds, noise) → -1…1` for a while. */
const hit = (out, from, length, loud, random, sample) => {
  const start = Math.floor(from * RATE);
  const count = Math.min(Math.floor(length * RATE), out.length - start);
  for (let n = 0; n < count; n++) out[start + n] += loud * sample(n / RATE, random() * 2 - 1);
};

const DRUMS = {
  kick: [0.3, 0.9, (at) => Math.sin(2 * Math.PI * (48 * at + 5 * (1 - Math.exp(-at * 30)))) * Math.exp(-at * 13)],
  snare: [0.22, 0.5, (at, noise) => noise * Math.exp(-at * 19) + 0.5 * Math.sin(2 * Math.PI * 186 * at) * Math.exp(-at * 26)],
  hat: [0.07, 0.16, (at, noise) => noise * Math.exp(-at * 70)],
};

const score = ({ id, genre, moods, instruments }) => {
  const random = seeded(`${id} tune`);
  const manner = GENRES[genre] ?? GENRES.jazz;
  const bpm = manner.bpm * (0.94 + random() * 0.12);
  const bar = 240 / bpm;
  const bars = Math.max(2, Math.round(SECONDS / bar));
  const scale = SCALES[MODES[moods[0]] ?? 'dorian'];
  const root = manner.root + Math.floor(random() * 7);
  const degree = (step) => root + scale[((step % 7) + 7) % 7] + 12 * Math.floor(step / 7);
  const roots = Array.from({ length: bars }, (_, index) => (index === 0 || index === bars - 1 ? 0 : pick(random, [0, 3, 4, 5, 1])));
  const tuned = instruments.map((name) => PLAYED[name]).filter((name) => name && name !== 'low');
  const lead = sounds[tuned[0] ?? 'bell'];
  const backing =
    sounds[tuned.find((name) => name !== tuned[0] && name !== 'sung') ?? (genre === 'metal' || genre === 'punk' ? 'steel' : 'piano')];
  const at = (measure, step) => measure * bar + ((step + (step % 2 ? manner.swing * 2 : 0)) * bar) / 16;
  return {
    random,
    manner,
    bar,
    bars,
    degree,
    roots,
    lead,
    backing,
    at,
    drums: manner.kick || instruments.some((name) => ['drums', 'percussion', 'drum-machine'].includes(name)),
  };
};

const playChords = (out, { random, manner, bar, degree, roots, backing, at }) => {
  roots.forEach((base, measure) => {
    for (const [step, length, voice] of CHORDS[manner.chords]) {
      const voices = voice === undefined ? [0, 2, 4] : [[0, 2, 4, 7][voice]];
      for (const third of voices)
        note(out, backing, degree(base + third) + 12, at(measure, step), (length * bar) / 16, 0.13 / Math.sqrt(voices.length), random);
    }
  });
};

const playBass = (out, { random, manner, bar, degree, roots, at }) => {
  roots.forEach((base, measure) => {
    for (const [step, length, up] of BASSES[manner.bass]) {
      note(out, sounds.low, degree(base + up) - (manner.root > 42 ? 12 : 0), at(measure, step), (length * bar) / 16, 0.24, random);
    }
  });
};

/** A phrase of one bar that comes back, varied every second time, and rests where a singer would breathe. */
const playLead = (out, { random, bar, bars, degree, lead, at }) => {
  const phrase = [];
  for (let step = pick(random, [0, 2, 4]); step < 14; ) {
    const length = pick(random, [1, 2, 2, 3, 4, 6]);
    phrase.push([step, length, pick(random, [0, 1, 2, 4, 5, 7]), random() < 0.25]);
    step += length + (random() < 0.2 ? 2 : 0);
  }
  for (let measure = 0; measure < bars; measure++) {
    for (const [step, length, tone, loose] of phrase) {
      if (loose && measure % 2) continue;
      const turned = measure % 4 === 3 ? tone + 2 : tone;
      note(out, lead, degree(turned) + 24, at(measure, step), (length * bar) / 16, 0.17, random);
    }
  }
};

const playDrums = (out, { random, manner, bars, at }) => {
  for (const [name, [length, loud, sample]] of Object.entries(DRUMS)) {
    const pattern = manner[name] ?? (name === 'hat' ? '..x...x...x...x.' : '');
    for (let step = 0; step < bars * 16; step++) {
      const sign = pattern[step % 16];
      if (sign === 'x' || sign === 'o')
        hit(out, at(Math.floor(step / 16), step % 16), length, sign === 'o' ? loud * 0.4 : loud, random, sample);
    }
  }
};

const finish = (out, echo) => {
  const delay = Math.floor(echo * RATE);
  for (let n = delay; n < out.length; n++) out[n] += out[n - delay] * 0.24;
  const peak = out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0.01);
  const fade = Math.floor(0.7 * RATE);
  return out.map((sample, n) => Math.tanh((sample / peak) * 1.4) * 0.82 * Math.min(1, (out.length - n) / fade));
};

/** The tune as samples from -1 to 1. */
export const samples = (record) => {
  const sheet = score(record);
  const out = new Float32Array(Math.ceil((sheet.bars * sheet.bar + 0.6) * RATE));
  playChords(out, sheet);
  playBass(out, sheet);
  playLead(out, sheet);
  if (sheet.drums) playDrums(out, sheet);
  return finish(out, (sheet.bar * 3) / 16);
};

/** The head of a WAV file of 16 bit, one channel; numbers in it are little-endian. */
const head = (bytes) => {
  const view = new DataView(new ArrayBuffer(44));
  const text = (at, word) => {
    for (let n = 0; n < word.length; n++) view.setUint8(at + n, word.charCodeAt(n));
  };
  text(0, 'RIFF');
  view.setUint32(4, 36 + bytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, bytes, true);
  return view;
};

export const tune = (record) => {
  const sound = Int16Array.from(samples(record), (sample) => sample * 32767);
  return new Blob([head(sound.byteLength), sound], { type: 'audio/wav' });
};
