// The player on a record's page: a real <audio>, its tune made at the first press.

import { tune } from './tones.js';

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export const player = (root) => {
  const audio = root.querySelector('audio');
  const button = root.querySelector('button');
  const range = root.querySelector('input');
  const time = root.querySelector('output');
  const says = root.querySelector('[role=status]');
  const words = root.dataset;
  const list = (text) => (text ? text.split(' ') : []);
  const record = { id: audio.dataset.fordiItem, genre: words.genre, moods: list(words.moods), instruments: list(words.instruments) };

  const press = async () => {
    says.textContent = words.pressing;
    await new Promise((done) => setTimeout(done, 30));
    audio.src = URL.createObjectURL(tune(record));
    says.textContent = '';
    range.disabled = false;
  };

  const toggle = async () => {
    try {
      if (!audio.src) await press();
      if (audio.paused) await audio.play();
      else audio.pause();
    } catch (error) {
      // play() is aborted by a pause that comes at once: that is not a failure.
      if (error.name !== 'AbortError') says.textContent = words.broken;
    }
  };

  const show = () => {
    const playing = !audio.paused && !audio.ended;
    document.body.classList.toggle('playing', playing);
    button.querySelector('span').textContent = playing ? words.pause : words.play;
  };

  const move = () => {
    if (!audio.duration) return;
    range.value = (audio.currentTime / audio.duration) * 100;
    range.style.setProperty('--played', `${range.value}%`);
    const said = words.time.replace('{now}', clock(audio.currentTime)).replace('{all}', clock(audio.duration));
    range.setAttribute('aria-valuetext', said);
    time.textContent = `${clock(audio.currentTime)} / ${clock(audio.duration)}`;
  };

  const seek = () => {
    if (audio.duration) audio.currentTime = (range.value / 100) * audio.duration;
  };

  for (const part of [button, range, time]) part.hidden = false;
  button.addEventListener('click', toggle);
  range.addEventListener('input', seek);
  for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, show);
  for (const event of ['timeupdate', 'loadedmetadata', 'seeked']) audio.addEventListener(event, move);
};
