// The sleeves' small shapes: one per mood, and one texture per family of instruments.

export const round = (number) => Math.round(number * 10) / 10;
export const points = (list) => list.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
export const rect = (x, y, w, h, fill, more = '') =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${fill}"${more}/>`;
export const disc = (x, y, r, fill, more = '') => `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" fill="${fill}"${more}/>`;
export const ring = (x, y, r, stroke, width) => disc(x, y, r, 'none', ` stroke="${stroke}" stroke-width="${round(width)}"`);
export const poly = (list, fill, more = '') => `<polygon points="${points(list)}" fill="${fill}"${more}/>`;
export const line = (list, stroke, width, more = '') =>
  `<polyline points="${points(list)}" fill="none" stroke="${stroke}" stroke-width="${round(width)}"${more}/>`;
export const path = (d, fill, more = '') => `<path d="${d}" fill="${fill}"${more}/>`;
export const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
export const polar = (x, y, r, turn) => [x + r * Math.cos(turn * 2 * Math.PI), y + r * Math.sin(turn * 2 * Math.PI)];

const star = (x, y, r, inner, tips) => times(tips * 2, (n) => polar(x, y, n % 2 ? r * inner : r, n / (tips * 2) - 0.25));
const spiral = (x, y, r, turns) => times(turns * 24, (n) => polar(x, y, (r * n) / (turns * 24), n / 24));

/** `(x, y, r, fill, ground) → svg`; `ground` is what shows through. */
// biome-ignore format: a table
const MARKS = {
  cool: (x, y, r, f, g) => disc(x, y, r, f) + rect(x - r, y - r * 0.12, r * 2, r * 0.24, g),
  'late-night': (x, y, r, f, g) => disc(x, y, r, f) + disc(x + r * 0.42, y - r * 0.2, r * 0.86, g),
  melancholy: (x, y, r, f) => path(`M${x} ${y - r}C${x + r * 0.3} ${y - r * 0.3} ${x + r * 0.75} ${y} ${x + r * 0.7} ${y + r * 0.4}A${r * 0.7} ${r * 0.6} 0 0 1 ${x - r * 0.7} ${y + r * 0.4}C${x - r * 0.75} ${y} ${x - r * 0.3} ${y - r * 0.3} ${x} ${y - r}Z`, f),
  joyful: (x, y, r, f) => disc(x, y, r * 0.5, f) + times(12, (n) => line([polar(x, y, r * 0.64, n / 12), polar(x, y, r, n / 12)], f, r * 0.12)).join(''),
  raw: (x, y, r, f) => poly(times(9, (n) => polar(x, y, r * [1, 0.55, 0.9, 0.7, 1, 0.5, 0.8, 0.6, 0.95][n], n / 9)), f),
  dreamy: (x, y, r, f) => [[-0.5, 0.15, 0.5], [0.05, -0.2, 0.62], [0.55, 0.2, 0.45]].map(([a, b, c]) => disc(x + a * r, y + b * r, c * r, f)).join('') + rect(x - r * 0.5, y + r * 0.15, r * 1.05, r * 0.5, f),
  driving: (x, y, r, f) => times(3, (n) => line([[x - r + n * r * 0.62, y - r * 0.8], [x - r * 0.3 + n * r * 0.62, y], [x - r + n * r * 0.62, y + r * 0.8]], f, r * 0.24)).join(''),
  tender: (x, y, r, f) => times(4, (n) => path(`M${x} ${y}C${x + r * 0.7} ${y - r * 0.3} ${x + r * 0.5} ${y - r} ${x} ${y - r}C${x - r * 0.5} ${y - r} ${x - r * 0.7} ${y - r * 0.3} ${x} ${y}Z`, f, ` transform="rotate(${n * 90 + 45} ${x} ${y})"`)).join(''),
  angry: (x, y, r, f) => poly([[x + r * 0.3, y - r], [x - r * 0.7, y + r * 0.15], [x - r * 0.05, y + r * 0.1], [x - r * 0.35, y + r], [x + r * 0.7, y - r * 0.25], [x + r * 0.05, y - r * 0.15]], f),
  spiritual: (x, y, r, f) => [1, 0.68, 0.36].map((s) => ring(x, y, r * s * 0.92, f, r * 0.13)).join('') + disc(x, y, r * 0.1, f),
  playful: (x, y, r, f) => disc(x - r * 0.5, y - r * 0.42, r * 0.46, f) + rect(x + r * 0.08, y - r * 0.9, r * 0.84, r * 0.84, f, ` transform="rotate(12 ${x + r * 0.5} ${y - r * 0.5})"`) + poly([[x - r * 0.9, y + r * 0.95], [x + r * 0.1, y + r * 0.95], [x - r * 0.4, y + r * 0.15]], f) + path(`M${x + r * 0.1} ${y + r * 0.5}A${r * 0.45} ${r * 0.45} 0 0 0 ${x + r} ${y + r * 0.5}Z`, f),
  epic: (x, y, r, f, g) => poly([[x - r, y + r * 0.8], [x - r * 0.1, y - r * 0.9], [x + r, y + r * 0.8]], f) + poly([[x - r * 0.1, y - r * 0.9], [x + r * 0.2, y - r * 0.4], [x - r * 0.05, y - r * 0.2], [x - r * 0.33, y - r * 0.44]], g),
  hypnotic: (x, y, r, f) => line(spiral(x, y, r * 0.95, 4), f, r * 0.11),
  warm: (x, y, r, f) => path(`M${x - r} ${y + r * 0.2}A${r} ${r} 0 0 1 ${x + r} ${y + r * 0.2}Z`, f) + times(3, (n) => rect(x - r * (0.85 - n * 0.2), y + r * (0.36 + n * 0.22), r * (1.7 - n * 0.4), r * 0.11, f)).join(''),
  dark: (x, y, r, f, g) => disc(x, y, r, f) + disc(x + r * 0.1, y + r * 0.1, r * 0.84, g),
  restless: (x, y, r, f) => times(7, (n) => line([[x - r + n * r * 0.33, y + r * (n % 2 ? 0.9 : 0.4)], [x - r * 0.7 + n * r * 0.28, y - r * (n % 3 ? 0.85 : 0.3)]], f, r * 0.1)).join(''),
  romantic: (x, y, r, f) => ring(x - r * 0.36, y, r * 0.58, f, r * 0.12) + ring(x + r * 0.36, y, r * 0.58, f, r * 0.12),
  protest: (x, y, r, f) => times(4, (n) => rect(x - r * 0.9 + n * r * 0.47, y - r * [0.55, 0.9, 0.75, 0.4][n], r * 0.4, r * [1.2, 1.6, 1.4, 1][n], f)).join('') + rect(x - r * 0.9, y + r * 0.74, r * 1.81, r * 0.22, f),
  party: (x, y, r, f) => poly(star(x, y, r, 0.42, 5), f),
  meditative: (x, y, r, f) => path(`M${round(x + r * 0.75)} ${round(y - r * 0.45)}A${round(r * 0.86)} ${round(r * 0.86)} 0 1 0 ${round(x + r * 0.86)} ${round(y + r * 0.1)}`, 'none', ` stroke="${f}" stroke-width="${round(r * 0.2)}" stroke-linecap="round"`),
};

export const mark = (mood) => MARKS[mood] ?? MARKS.cool;

// biome-ignore format: a table
const FAMILIES = {
  wind: ['trumpet', 'saxophone', 'trombone', 'horns', 'clarinet', 'flute', 'harmonica', 'melodica'],
  keys: ['piano', 'electric-piano', 'organ', 'accordion', 'bandoneon', 'vibraphone', 'thumb-piano'],
  string: ['electric-guitar', 'acoustic-guitar', 'slide-guitar', 'bass', 'banjo', 'mandolin', 'kora', 'harp', 'violin', 'cello', 'strings', 'orchestra'],
  beat: ['drums', 'percussion', 'drum-machine', 'turntables'],
  wire: ['synthesizer', 'sampler', 'tape-loops'],
};

export const family = (instrument) => Object.keys(FAMILIES).find((name) => FAMILIES[name].includes(instrument)) ?? 'breath';

/** A strip of `w` by `h` that stands for one instrument: `(x, y, w, h, fill) → svg`. */
// biome-ignore format: a table
const TEXTURES = {
  wind: (x, y, w, h, f) => times(Math.floor(w / h), (n) => [0.46, 0.26].map((s) => ring(x + (n + 0.5) * h, y + h / 2, h * s, f, h * 0.07)).join('')).join(''),
  keys: (x, y, w, h, f) => times(Math.floor(w / (h * 0.4)), (n) => (n % 7 === 2 || n % 7 === 6 ? '' : rect(x + n * h * 0.4, y, h * 0.22, h * 0.7, f))).join('') + rect(x, y + h * 0.92, w, h * 0.08, f),
  string: (x, y, w, h, f) => times(5, (n) => rect(x, y + n * h * 0.23, w, h * (0.03 + n * 0.016), f)).join(''),
  beat: (x, y, w, h, f) => times(Math.floor(w / (h * 0.5)), (n) => disc(x + (n + 0.5) * h * 0.5, y + h / 2, h * [0.2, 0.08, 0.14, 0.08][n % 4], f)).join(''),
  wire: (x, y, w, h, f) => line(times(Math.floor(w / (h * 0.35)) * 2, (n) => [x + Math.ceil(n / 2) * h * 0.35, y + (Math.floor((n + 1) / 2) % 2 ? 0.1 : 0.9) * h]), f, h * 0.09),
  breath: (x, y, w, h, f) => line(times(Math.floor(w / 4), (n) => [x + n * 4, y + h / 2 + Math.sin((n * 4) / (h * 0.28)) * h * 0.36]), f, h * 0.1),
};

export const texture = (instrument) => TEXTURES[family(instrument)];
